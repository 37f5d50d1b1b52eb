import { join } from 'node:path';
import winston from 'winston';

const folder = process.env.LOG_DIR ?? '.';

export const logger = winston.createLogger({
  level: 'info',
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [
    new winston.transports.File({ filename: join(folder, 'error.log'), level: 'error' }),
    new winston.transports.File({ filename: join(folder, 'combined.log') }),
  ],
});
