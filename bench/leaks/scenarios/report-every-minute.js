import { createServer } from 'node:http';
import { steady } from '../rates.js';

const ROWS = 6_000;

export const scenario = {
  about: 'A report gathers rows for 40 s of each 75 and lets them go: while it gathers it looks like a leak.',
  minutes: 3.9,
  leak: null,
  arrivals: [
    { route: 'GET /figures', rate: steady(24) },
    { route: 'GET /status', rate: steady(14) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    let rows = [];
    let second = 0;
    setInterval(() => {
      second += 1;
      if (second % 75 === 60) rows = [];
      if (second % 75 < 20 || second % 75 >= 60) return;
      for (let row = 0; row < ROWS; row += 1)
        rows.push({ second, row, name: `row ${row} of ${second}`, sums: [row, second, row * second] });
    }, 1_000);
    return createServer((request, response) => {
      if (request.url === '/figures')
        response.end(JSON.stringify(Array.from({ length: 260 }, (_, id) => ({ id, value: Math.random() }))));
      else response.end(String(rows.length));
    });
  },
};
