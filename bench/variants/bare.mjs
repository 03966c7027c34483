// Nothing: what `--import` itself costs.
export {};
