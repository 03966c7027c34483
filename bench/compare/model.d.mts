export interface Drift {
  readonly spread: number;
  readonly minutes: number;
}

export interface Random {
  uniform(): number;
  normal(): number;
}

export const DRIFTS: Readonly<Record<'none' | 'drift' | 'strong drift', Drift>>;
export function seededRandom(seed: number): Random;
