import { createServer } from 'node:http';
import { steady } from '../rates.js';

class Seat {
  constructor(id) {
    this.id = id;
    this.beats = 0;
    this.scores = Array.from({ length: 220 }, (_, round) => ({ round, score: `${id}-${round}` }));
  }
}

export const scenario = {
  about:
    'Each connection of a live table gets a heartbeat by setInterval, which goes on when the client has left.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /live',
    constructors: ['Seat', 'Timeout'],
    sites: ['beatFor', 'setInterval', 'Seat'],
  },
  arrivals: [
    { route: 'GET /live', rate: steady(12), leaveAfterMs: 700 },
    { route: 'GET /tables', rate: steady(22) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    let seats = 0;
    const beatFor = (response) => {
      seats += 1;
      const seat = new Seat(`seat ${seats}`);
      setInterval(() => {
        seat.beats += 1;
        if (!response.destroyed) response.write(`data: ${seat.beats} ${seat.scores.length}\n\n`);
      }, 400);
    };
    return createServer((request, response) => {
      if (request.url === '/live') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        beatFor(response);
      } else if (request.url === '/tables') {
        response.end(JSON.stringify(Array.from({ length: 280 }, (_, id) => ({ id, players: id % 4 }))));
      } else response.end('ok');
    });
  },
};
