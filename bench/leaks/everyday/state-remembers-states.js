import express from 'express';
import { steady } from '../rates.js';

export const scenario = {
  about: 'A reducer puts the state before into the state after, for an undo that nobody asked for.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'PATCH /board',
    constructors: [],
    sites: ['reduceBoard', 'movedCards'],
  },
  arrivals: [
    { route: 'PATCH /board', rate: steady(15), body: (n) => JSON.stringify({ card: n % 300, to: n % 7 }) },
    { route: 'GET /board', rate: steady(14) },
    { route: 'GET /people', rate: steady(18) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const movedCards = (cards, { card, to }) =>
      cards.map((each) => (each.id === card ? { ...each, column: to } : { ...each }));
    const reduceBoard = (state, action) => ({ cards: movedCards(state.cards, action), action, undo: state });
    let board = {
      cards: Array.from({ length: 700 }, (_, id) => ({ id, column: 0, title: 'card' })),
      undo: null,
    };
    const app = express();
    app.patch('/board', express.json(), (request, response) => {
      board = reduceBoard(board, request.body);
      response.json({ cards: board.cards.length });
    });
    app.get('/board', (_request, response) => response.json(board.cards.slice(0, 100)));
    app.get('/people', (_request, response) =>
      response.json(Array.from({ length: 260 }, (_, id) => ({ id, name: `person ${id}` }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
