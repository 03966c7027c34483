export function npmCommand(): [file: string, ...args: string[]];
