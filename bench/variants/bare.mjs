// An empty preload, because `--import` itself has a cost.
export {};
