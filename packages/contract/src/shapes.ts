import type { ErrorDetail } from '@maque/kit';

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly ErrorDetail[];
    readonly requestId: string;
  };
}

/** One page of a list: `nextCursor` is null on the last page, and only there. A page of long records is shorter than asked for. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  /** Of all pages, where `count` asked for it: 100,000 stands for as many or more. */
  readonly total?: number;
  /** What was asked for and left out, because the server is busy. */
  readonly shed?: readonly ('expand' | 'count')[];
}

/** Query parameters of every list. */
export interface ListQuery {
  /** 1 to 100; 20 unless told. */
  readonly limit?: number;
  readonly cursor?: string;
  /** Comma-separated fields, `-` before one for descending: `-createdAt,name`. */
  readonly sort?: string;
  /** A filter expression: `price_fen >= 1000 and category = "tea"`. */
  readonly filter?: string;
  /** Comma-separated fields to answer with. */
  readonly fields?: string;
  /** Comma-separated relations whose records come along in `expanded`, two deep: `category.parent,tags`. */
  readonly expand?: string;
  /** Words to look for in the fields that the collection searches; the best first unless `sort` is given. */
  readonly search?: string;
  /** `field,lat,lng,meters`: what is in this circle, the nearest first unless `sort` is given, with `distance_m`. */
  readonly near?: string;
  /** Whether to answer `total`. */
  readonly count?: boolean;
}

/** The user behind a token. Never carries the openid or the session key. */
export interface Me {
  readonly id: string;
  readonly nickname: string | null;
  readonly avatarUrl: string | null;
  /** As WeChat tells it, country code and all where it is not China's; null until the user has given it. */
  readonly phone: string | null;
  /** Those of the app's roles that staff has given this user. */
  readonly roles: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface LoginRequest {
  readonly code: string;
  /** Of the mini-program that asks; the server's first one unless told. */
  readonly appId?: string;
}

export interface LoginAnswer {
  readonly token: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  readonly user: Me;
}

/** A login that has not ended. */
export interface SessionView {
  readonly id: string;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Of the mini-program it was begun in; null for members of staff. */
  readonly appId: string | null;
  readonly ip: string | null;
  /** What the client said that it is. */
  readonly device: string | null;
}

/** A file that somebody has uploaded. */
export interface Upload {
  readonly id: string;
  /**
   * Where anybody who knows it can load it: a path such as `/api/uploads/…` on this server, whatever its domain is. For a
   * private file its name only; `POST /api/uploads/links` tells where it is loaded.
   */
  readonly url: string;
  /** What its bytes say that it is, such as `image/jpeg`; never what the client said. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Whether it is loaded by links alone that end. */
  readonly private: boolean;
}

/** Asks for links to files, private ones among them: at most 50. */
export interface UploadLinksRequest {
  readonly ids: readonly string[];
}

/** Links to those of the files that the caller may load. */
export interface UploadLinksAnswer {
  readonly items: readonly UploadLink[];
}

export interface UploadLink {
  readonly id: string;
  /** A path with a signature. `&size=320` behind it gives a picture of that size. */
  readonly url: string;
  /** ISO 8601, UTC: good for an hour at least. Null for a file that is not private. */
  readonly expiresAt: string | null;
}

/** What is to be sent to the store of files. One of `name` and `contentType` tells the kind. */
export interface UploadTicketRequest {
  /** Of the file, such as `photo.jpg`; its ending tells the kind where `contentType` is not given. */
  readonly name?: string;
  readonly contentType?: string;
  /** Exactly as many are taken. */
  readonly bytes: number;
  /** Whether it is loaded by links alone that end; unless told, whoever knows its address loads it. */
  readonly private?: boolean;
}

/** Leave to send one file straight to the store, and where to say that it is there: `POST /api/uploads/{id}/confirm`. */
export interface UploadTicket {
  readonly id: string;
  /** POST multipart/form-data there: the fields in this order, then the file as the part `file`. No token of ours. */
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601, UTC: the store takes the file until then. */
  readonly expiresAt: string;
}

/** Fields every record of a collection carries. */
export interface RecordBase {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What is expected of a pool of memory that grows. */
export interface LeakOutlook {
  readonly pool: 'heap' | 'external' | 'native';
  readonly verdict: 'warming-up' | 'not-enough-evidence' | 'healthy' | 'growing' | 'leaking';
  /** That its limit is reached within half an hour. */
  readonly probability: number;
  readonly bytesPerSecond: number;
  readonly timeToLimitMs: number | null;
}

/** What the console shows of one process. Bytes throughout. */
export interface ProcessStatus {
  readonly id: string;
  readonly role: 'keeper' | 'worker';
  readonly pid: number;
  readonly state: 'starting' | 'ready' | 'draining' | 'stopped' | 'failed';
  readonly startedAt: string;
  readonly restarts: number;
  /** Resident memory. */
  readonly rss: number;
  /** Proportional share of memory, where the kernel tells it. */
  readonly pss: number | null;
  /** What the budget allows this process at most. */
  readonly budget: number;
  readonly heapUsed: number | null;
  readonly heapLimit: number | null;
  readonly external: number | null;
  /** Heap that survived the last major collection. */
  readonly heapFloor: number | null;
  /** The pool that most needs a look; null when none grows, and where nobody tells. */
  readonly leak: LeakOutlook | null;
  readonly loopDelayP99Ms: number | null;
  readonly loopUtilization: number | null;
  readonly requestsPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly activeRequests: number | null;
}

/** The answer of `GET /api/admin/status`. */
export interface SystemStatus {
  readonly at: string;
  readonly budget: number;
  /** Sum over processes of PSS, or RSS where the kernel does not tell PSS. */
  readonly used: number;
  readonly processes: readonly ProcessStatus[];
}

export interface AdminLoginRequest {
  readonly name: string;
  readonly password: string;
  /** The six digits of the authenticator, or one of the recovery codes, for those who have set one up. */
  readonly totp?: string | null;
}

/** Takes a one-time link: the first start's, or an invitation. Sets name and password. */
export interface AdminClaimRequest {
  readonly link: string;
  readonly name: string;
  readonly password: string;
}

export interface AdminLoginAnswer {
  readonly token: string;
  readonly expiresAt: string;
  readonly name: string;
  /** `admin` may do everything. */
  readonly roles: readonly string[];
  /** Whether an authenticator has to be set up before anything else is allowed. */
  readonly mustSetUpTotp: boolean;
}
