import { OTHER } from '../../semconv.ts';

/** The first keywords of statements of PostgreSQL, MySQL, MariaDB, SQL Server and SQLite. */
const KEYWORDS = `
  ABORT ALTER ANALYZE ATTACH BACKUP BEGIN CALL CHECKPOINT CLOSE CLUSTER COMMENT COMMIT COPY CREATE DEALLOCATE DECLARE DELETE
  DENY DESC DESCRIBE DETACH DISCARD DO DROP END EXEC EXECUTE EXPLAIN FETCH FLUSH GRANT HANDLER IF INSERT KILL LISTEN LOAD
  LOCK MERGE MOVE NOTIFY OPEN OPTIMIZE PRAGMA PREPARE PRINT REFRESH REINDEX RELEASE RENAME REPAIR REPLACE RESET RESTORE
  REVOKE ROLLBACK SAVE SAVEPOINT SELECT SET SHOW START TABLE TRUNCATE UNLISTEN UNLOCK UPDATE USE VACUUM VALUES WHILE WITH XA
`
  .trim()
  .split(/\s+/);

/** In the two forms in which statements are mostly written. */
const KNOWN = new Map(
  KEYWORDS.flatMap((keyword) => [
    [keyword, keyword],
    [keyword.toLowerCase(), keyword],
  ]) as [string, string][],
);
const MAX_KEYWORD_CHARS = Math.max(...KEYWORDS.map((keyword) => keyword.length));

/** The first keyword of an SQL text, in capitals; `other` where it is no known one. */
export function firstKeyword(text: string): string {
  const start = skipToWord(text);
  let end = start;
  while (end - start <= MAX_KEYWORD_CHARS && isLetter(text.charCodeAt(end))) end += 1;
  const word = text.slice(start, end);
  return KNOWN.get(word) ?? KNOWN.get(word.toUpperCase()) ?? OTHER;
}

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
