// Our default bounds. The peers use them too, so that all variants do the same work.
export const BOUNDS = [0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 5, 10];
