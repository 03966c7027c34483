import { OTHER } from '../../semconv.ts';

/** The first keywords of statements of PostgreSQL, MySQL, MariaDB, SQL Server and SQLite. The most frequent ones come first. */
const KEYWORDS = `
  SELECT INSERT UPDATE DELETE BEGIN COMMIT ROLLBACK SET WITH
  ABORT ALTER ANALYZE ATTACH BACKUP CALL CHECKPOINT CLOSE CLUSTER COMMENT COPY CREATE DEALLOCATE DECLARE DENY DESC DESCRIBE
  DETACH DISCARD DO DROP END EXEC EXECUTE EXPLAIN FETCH FLUSH GRANT HANDLER IF KILL LISTEN LOAD LOCK MERGE MOVE NOTIFY OPEN
  OPTIMIZE PRAGMA PREPARE PRINT REFRESH REINDEX RELEASE RENAME REPAIR REPLACE RESET RESTORE REVOKE SAVE SAVEPOINT SHOW START
  TABLE TRUNCATE UNLISTEN UNLOCK USE VACUUM VALUES WHILE XA
`
  .trim()
  .split(/\s+/);

const FIRST_LETTER = 65;
/** The keywords by their first letter, from A to Z. */
const BY_LETTER = Array.from({ length: 26 }, (_, i) =>
  KEYWORDS.filter((keyword) => keyword.charCodeAt(0) === FIRST_LETTER + i),
);

/** The first keyword of an SQL text, in capitals; `other` where it is no known one. Reads the text without copying of it. */
export function firstKeyword(text: string): string {
  const start = skipToWord(text);
  const keywords = BY_LETTER[upperCase(text.charCodeAt(start)) - FIRST_LETTER] ?? [];
  for (const keyword of keywords) if (isWordAt(text, start, keyword)) return keyword;
  return OTHER;
}

function isWordAt(text: string, start: number, keyword: string): boolean {
  const { length } = keyword;
  for (let i = 1; i < length; i++) {
    if (upperCase(text.charCodeAt(start + i)) !== keyword.charCodeAt(i)) return false;
  }
  return !isLetter(text.charCodeAt(start + length));
}

const CASE_BIT = 32;
/** Of a letter. Anything else does not become a letter. */
const upperCase = (code: number): number => code & ~CASE_BIT;

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

const [OPENING_PARENTHESIS, SEMICOLON] = [40, 59];
const isBetween = (code: number): boolean => code <= 32 || code === OPENING_PARENTHESIS || code === SEMICOLON;

/** The index of the first word: after spaces, comments, empty statements and the parentheses of `(SELECT ...) UNION ...`. */
function skipToWord(text: string): number {
  let at = 0;
  while (at < text.length) {
    if (isBetween(text.charCodeAt(at))) at += 1;
    else if (text.startsWith('--', at) || text.startsWith('#', at)) at = after(text, '\n', at);
    else if (text.startsWith('/*', at)) at = after(text, '*/', at + 2);
    else break;
  }
  return at;
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? text.length : at + end.length;
}
