import { valued } from '../compare/output/json.ts';
import type { Report } from './report.ts';

/** The report as programs read it: `format` changes when a field changes its meaning or goes. */
export const reportJson = (report: Report): string => valued({ format: 1, ...report });
