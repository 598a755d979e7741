// The floor for idle workspaces, in a process of its own: node with idle keep-alive connections, and nothing else.
// `node bare-sockets.mjs PORT COUNT` says `open` once all are; ends with its stdin.
import { connect } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
let open = 0;
for (let socket = 0; socket < (count ?? 0); socket += 1) {
  connect({ port: port ?? 0, host: '127.0.0.1', keepAlive: true }, () => {
    open += 1;
    if (open === count) process.stdout.write('open\n');
  });
}
