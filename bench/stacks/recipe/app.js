/**
 * The tutorial recipe, as countless guides teach it: Express, mysql2, ioredis, jsonwebtoken, winston and morgan, run by
 * PM2 in cluster mode. Nothing is made slow on purpose: pooled connections, prepared statements, a cached product page.
 */
import express from 'express';
import morgan from 'morgan';
import { logger } from './logger.js';
import { router } from './routes.js';

const app = express();
app.use(express.json());
app.use(morgan('combined', { stream: { write: (line) => logger.info(line.trim()) } }));
app.use('/api', router);
app.use((error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = error.status ?? 500;
  if (status === 500) logger.error(error.stack);
  response.status(status).json({ error: { code: error.code ?? 'INTERNAL', message: error.message } });
});

app.listen(Number(process.env.PORT), '127.0.0.1', () => logger.info(`listening on ${process.env.PORT}`));
