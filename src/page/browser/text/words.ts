import { english, type Words } from './english.ts';
import { korean } from './korean.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en: english, ko: korean };

// Tests import this outside a browser.
const { navigator } = globalThis as { navigator?: { readonly languages?: readonly string[] } };
const preferred = (navigator?.languages ?? []).map((tag) => tag.toLowerCase().split('-')[0] as string);

/** The first of the browser's languages that the page is translated to. */
export const language: string = preferred.find((tag) => tag in LANGUAGES) ?? 'en';
export const words: Words = LANGUAGES[language] as Words;
