/** Puts data into a page as a block that nothing in it can end: `<` is spelled out. */
export function embedJson(html: string, id: string, value: unknown): string {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  const block = new RegExp(`(<script type="application/json" id="${id}">)[^<]*(?=</script>)`);
  return html.replace(block, (_, opening) => `${opening}${json}`);
}
