/**
 * One thing found.
 * @property id     what it is about, the same in every version
 * @property level  `problem`: something is wrong. `note`: worth knowing, and may be meant so. `ok`: as it should be
 * @property text   a sentence
 * @property todo   what to do about it, a sentence each
 */
export interface Finding {
  readonly id: string;
  readonly level: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly todo: readonly string[];
}

export const finding = (id: string, level: Finding['level'], text: string, ...todo: string[]): Finding => ({
  id,
  level,
  text,
  todo,
});
