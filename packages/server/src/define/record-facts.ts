/** Fields that every record has and nobody writes. */
export interface RecordFacts {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. Rises with every change of the record, so it is its version too. */
  readonly updatedAt: string;
}

/** Of collections with `authors: true`: the id of the user, member of staff or machine; null for the server's own code. */
export interface AuthorFacts {
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}

/** Of collections with `softDelete`: null unless it is deleted. */
export interface DeletionFact {
  /** ISO 8601, UTC. */
  readonly deletedAt: string | null;
}
