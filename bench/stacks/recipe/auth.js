import jwt from 'jsonwebtoken';

const secret = process.env.JWT_SECRET;

export function signToken(userId) {
  return jwt.sign({ userId }, secret, { expiresIn: '7d' });
}

export function requireUser(request, response, next) {
  const token = request.headers.authorization?.split(' ')[1];
  if (!token) return response.status(401).json({ error: { code: 'AUTH_REQUIRED', message: 'Log in first' } });
  try {
    request.userId = jwt.verify(token, secret).userId;
    next();
  } catch {
    response.status(401).json({ error: { code: 'TOKEN_INVALID', message: 'The token is not valid' } });
  }
}
