/**
 * One result of the check.
 * @property id     names the kind of finding; the same in every version
 * @property level  `problem`: something is wrong. `note`: worth knowing, and may be intended. `ok`: as it should be
 * @property text   a sentence
 * @property todo   what to do about it, one sentence each
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
