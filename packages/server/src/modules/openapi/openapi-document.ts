/** What a route says of itself. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  /** Whether a token is asked for. */
  readonly security: 'none' | 'optional' | 'required';
  readonly summary: string | undefined;
  readonly tags: readonly string[];
  readonly params: JsonSchema | undefined;
  readonly query: JsonSchema | undefined;
  readonly headers: JsonSchema | undefined;
  readonly body: JsonSchema | undefined;
  readonly bodyType: string;
  readonly answers: Readonly<Record<string, JsonSchema>>;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            properties: { path: { type: 'string' }, issue: { type: 'string' } },
            required: ['issue'],
          },
        },
        requestId: { type: 'string' },
      },
      required: ['code', 'message', 'requestId'],
    },
  },
  required: ['error'],
};

/** Describes an API as OpenAPI 3.1, whose schemas are JSON Schema as routes have them. Pure. */
export function openApiDocument(
  routes: readonly DescribedRoute[],
  info: { title: string; version: string },
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operationOf(route: DescribedRoute): JsonSchema {
  const parameters = [
    ...pathParameters(route),
    ...parametersIn('query', route.query),
    ...parametersIn('header', route.headers),
  ];
  return {
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    ...(route.tags.length === 0 ? {} : { tags: route.tags }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { [route.bodyType]: { schema: route.body } } } }),
    ...(route.security === 'none'
      ? {}
      : { security: route.security === 'optional' ? [{}, { token: [] }] : [{ token: [] }] }),
    responses: { ...answersOf(route), default: answer('A fault', { $ref: '#/components/schemas/Error' }) },
  };
}

function answersOf(route: DescribedRoute): JsonSchema {
  const entries = Object.entries(route.answers);
  if (entries.length === 0) return { 200: { description: 'OK' } };
  return Object.fromEntries(
    entries.map(([status, schema]) => [
      status,
      schema.type === 'null' ? { description: 'Done' } : answer('OK', schema),
    ]),
  );
}

function answer(description: string, schema: JsonSchema): JsonSchema {
  // What is no JSON says so by its schema, as OpenAPI 3.1 describes bytes.
  const type = typeof schema.contentMediaType === 'string' ? schema.contentMediaType : 'application/json';
  return { description, content: { [type]: { schema } } };
}

function pathParameters(route: DescribedRoute): JsonSchema[] {
  const schemas = propertiesOf(route.params);
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: schemas[name] ?? { type: 'string' },
  }));
}

function parametersIn(place: 'query' | 'header', schema: JsonSchema | undefined): JsonSchema[] {
  const required = (schema?.required ?? []) as readonly string[];
  return Object.entries(propertiesOf(schema)).map(([name, of]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: of,
  }));
}

function propertiesOf(schema: JsonSchema | undefined): Record<string, unknown> {
  return (schema?.properties ?? {}) as Record<string, unknown>;
}
