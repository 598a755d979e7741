export function buildPages(outFolder: string): Promise<void>;
