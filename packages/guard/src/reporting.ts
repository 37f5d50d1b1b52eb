/** What every report on code needs, whoever makes it: whose code it is and where, and a folder that does not fill the disk. */
export { CodePositions } from './explain/code-positions.ts';
export { ReportFiles } from './explain/report-files.ts';
export { ownerOf } from './explain/stack-frame.ts';
export { routeTemplate } from './requests/route-template.ts';
