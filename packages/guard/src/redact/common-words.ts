/**
 * Words that programmers name things with: those of the identifiers in the type declarations of TypeScript's libraries,
 * of Node and of forty packages, where three of them have the word; and words of daily life, shops, WeChat and memory. Without
 * family names and given names, in English or pinyin, for a key may be somebody's name. Plurals, `-ed` and `-ing` are
 * left out where the plain word is here.
 */
export const COMMON_WORDS = `
able abort about above absent absolute abstract acc accept acceptable access accessible accessor according
account achieved ack across act action activate active activity actual actually adapter add addition
additional additionally addr address addresses adjacent adjust admin administrator advance advantage
advertise aes affect after afterwards again against age agent aggregate ahead aka alarm album alert
algorithm alias aliases alive all allocated allow allowlist alone along alongside alpn already also alt
alter alterations alternate alternative alternatively although always ambiguous amount analyze ancestors
anchor and android annotated annotation anonymous another answer any anymore anything anyway anywhere apart
api app appear append appid apple applicable application applied applies apply appointment approach
appropriate appropriately arbitrarily arbitrary arch archive are aren arg argument around arr array
arraybuffer arrive arrow article artist as asc ascending ascii asks assembly assert assertion assets assign
assignment associate assume async asynchronous asynchronously at atomic attach attaches attachment attempt
attr attribute audio audit auth authenticate authentication author authority authorization authorized auto
autocomplete automatic automatically available avatar average avif avoid await aware away aws azure back
backend background backlog backoff backslash backslashes backup backward bad badge bag balance bank banner
bar bare base baseline basic basis basket baz be because become been before beforehand begin beginning
behave behavior behaviour behind being belong below besides best better between beyond big bigger bigint
billing bills bin binary bind birthdate birthday bit black blob block blog blue bodies body book bool
boolean boom bootstrap both bottom bound boundaries boundary box bracket branch brand bread break bright
broadcast broken broker brotli brown browser bucket budget buf buffer bug build builder built bundle bunyan
burst busboy but buyer by bypass byte ca cache calculate calculations calendar call callable callback callee
caller came camel campaign can cancel cancelable cancellation candidate cannot canonicalized capabilities
capability capacity capped captcha capture car card care carried carries carry cart case cast cat catch
catches categories category caught cause caution cb ceiling cert certain certificate chain challenge chance
change channel chapter char character charset chat check checkout child children chips choice choose chrome
chromium chunk cid cidr cipher circular city cjs claim class classes clause clean cleanup clear cli client
clinic clock clone close closure cloud cls cluster cmd cn cny code coffee cold collator collect collection
colon color colour column com combination combine come comma command comment commit committed common
commonly communicate comparator compare comparison compatibility compatible compilation compile compiler
complete completely completion complex compliant complicated component compose compress compute computer
concat concatenated concept concerns concrete concurrency concurrent concurrently condition conditional
config configurable configuration configure conflict conjunction connect connection consider consignee
consist consistent console const constant constraint construct construction constructor consumed consumer
consuming contain container content context continuation continue contract control controlled controller
convenience convention conversion convert converter cookie coordinator copied copies copy core correct
correctly correspond cors costs could count counter country coupon courier course cover coverage cpu crash
create creation creator credential criteria crlf cron cross crypto csp csrf css csv ctor ctrl ctx cumulative
curated currency current currently cursor curve custom customer customize cut cwd cyan cycle dangerous
dashboard data database datatracker date dav day db deadline debug debugger debugging decide decimal
declaration declare decode decoder decompress decorate decorator decrypted deep deeper deeply def default
defer deferred deferring define definitely definition deflate del delay delegate delete deliberately
delimited delimiter delivered delivers delivery delta denied deny department depend dependencies dependency
dependent deposit deprecated deprecation deps depth der derived desc describe description descriptor design
desired desktop dest destination destroy detach detaches detail detect detection determine deterministic dev
developer development device devtools dict dictionary did diff differ difference different difficult digest
digit dir direct direction directive directly directories directory dirname disable discard disconnect
disconnection discount discovery dish dishes disk dispatch dispatcher dispatches display disposable dispose
disposition dist distance distinct distinguish district dns do doc doctor document documentation does doesn
dog dom domain done dont dot dotfile double down downgrade download downstream draft drain dream drift drink
drive driver drop dropped dropping dsn dual due duplex duplicate durable duration during dynamic dynamically
each eager earlier early easier easily east easy ecdsa econnrefused econnreset ecosystem edge editor effect
effective effectively efficient effort either el elapsed element else elsewhere email embedded embedder emit
emitted emitter emitting employee empty en enable encapsulates encode encoder encountered encrypted end
endpoint enforce engine enhanced enough ensure enter entire entirely entities entity entries entry enum
enumerable env envelope environment epipe epoch equal equality equivalent err errno error esbuild escape
eslint esm esnext especially establish establishes etag etc etimedout eval evaluate even event eventually
ever every everything evt exact exactly exam example exceeded exceeds excel except exception exchange
exclude exclusion exclusive exec executable execute execution exhausted exist existence exit exp expand
expect expectation expensive experience experimental expiration expire expiry explain explicit explicitly
explorer exponent export expose expr express expression expressjs ext extend extension external extra
extract extractor fact factor factories factory fail failure fall fallback false falsy family fan faq far
fast faster fastify fatal favor favorite feature fee feedback fen fetch few field figure file filename fill
film filter fin final finalization finalizer finally find fine finish finishes finite fire firefox first
fish fit fix fixture flag flash flat flatten flexibility flight flip float floor flow flush flushes fly fn
fold folder follow follower font foo food footer for forbidden force forecast foreign forever form format
formatted formatter formatting forum forward found four fourth fragment frame framework free freeze fresh
friend from front frozen fruit fs fulfilled full fully func function functionality further furthest future
game gaps garbage gateway gauge gb gc gcp gen gender general generate generation generator generic geo get
getter getting gift git github give given glob global globally gmt go goal goes going gone good google got
gps gracefully grade grant graph gray greater green greeting grey group growth guarantee guard guest guide
gunzip gzip had half hand handle handler handshake happen hard has hash hashes hasn have head header heap
held hello help helper here hex hidden hide hierarchy high higher highest highly hint histogram histories
history hit hkdf hmac hoard hold holder home homework honored honoring hood hook hops hospital host hostname
hot hotel hour house how however href htm html http human humidity hybrid iana iban id idcard ideal
idempotent identical identically identified identifier identifies identify identity idl idle ids ietf if
ignore image img immediate immediately immutable impact impl implement implementation implicit implicitly
import important impossible improve in inactive inactivity include inclusion inclusive incoming incorrect
increase increment independent independently index indexes indicate indices individual individually infer
inference inferred infinite infinity inflate inflight info information informational inherit init initial
initialization initialize initially initiated initiates inject injection inline inner input insecure
insensitive insert insertion inside inspect inspection inspector install instance instanceof instantiate
instantiation instead instructs insufficient int integer integration integrity intended interact
interactions intercept interceptor interface interfere intermediate internal internally internet
interpolated interpret intersection interval intl into introspection invalid invalidate inventory inverse
invocation invoice invoke io ip ipc ips ipv is isn iso isolated isolation issue issuer item iterable iterate
iteration iterator its itself jar java javascript job join jpeg js jsapi json jsticket just jwt kafka kb
keep keepalive keeper kept key keyboard keygrip keyof keyword kill kilobyte kind kitchen know known koa
label lambda lang language large larger largest last late latency later latest latin latitude latter lax
layer layout lazily lazy lead leaderboard leaf leak leakage leaky least leave ledger left legacy legal
length lenient less lesson let letter level lib libraries library license life lifecycle lifetime lift light
like likely limit limitations line linear link linux list listen listener lite literal little live llhttp
lmtp load loader local locale localhost locally location lock log logged logger logging logic logical login
logistics logout long longer longest longitude look lookup loop loopback loosely loss lost lottery low lower
lowercase lowest lru machine made magenta magic mail main maintain major make malformed malicious manage
management manager mandatory manifest manipulate manner manual manually many map mapped mapper mapping
mariadb mark marker mask master match matcher matches math matter max maximum may maybe mb mchid mdn mean
meant measure meat media medicine medium meeting megabyte member membership memo memoized memory menu
merchant merge message met meta metadata method metric microsoft mid middle middleware might migrate
migration millisecond mime mimetype min mind mini minimal minimize minimum miniprogram minor minus minute
mirror misdirected mismatch miss mix mixin mjs mkcol mobile mock mod mode model modern modified modifier
modifies modify module moment mongodb monitor month more most mostly mount move movie mozilla ms msg much
multer multi multicast multipage multipart multiple music must mutable mutate my mysql name namespace narrow
nation native navigating navigation navigator near necessarily necessary need negative neither nest nestjs
net network neutral never new newer newline newly next nickname no node nodejs nodemailer non nonce none
noodle noop nor normal normalize normally north not notable notation note nothing notice notification
notified notifies notify now npm nth null nullable num number numeric numerical obj object observable
observe observer obtain occur occurred octet odd of off offset often ok old older omit omitted on once
onclose one onerror ongoing only onmessage onto op opaque open opener openid operate operation operator
opposed opposite opt optimization optimize option optional optionally or orange order ordinary org
organisation organization origin original originally orphan os other otherwise otp our out outbound outer
outgoing output outside over overall overflow overhead overlap overlapping overloads overridden override
overwrite overwritten own owner package packet padding page paid pair panel paragraph parallel param
parameter parameterized parcel parent parse parser part partial partially particular partition party pass
passes passive passphrase passport passwd password past patch path pathname patient pattern pause payer
payload payment pdf peak peer pem pending per percent percentage perform performance period periodic
permanent permission permitted persist persistent personal pet pfx pg phase phone photo phrase physical pick
picture pid pin ping pink pino pipe pipeline pkcs place placeholder plain plaintext plan plant plate
platform player please plugin plural plus png point pointer policies policy poll pool pop populated
populates port portion position positive posix possible possibly post postcode postgres potential
potentially powered practice pre precedence preceding precise precision precondition predicate prefer
preference preferred prefetch prefix prefixes preflight preload prepaid prepare prepay prepend prescription
present preserve pressed pressure pretend pretty prev prevent preview previous previously price primarily
primary primitive print priority private prize probably problem problematic proceed process processor
produce producer product production profile profiler program progress project promise promotion prompt prop
proper properly properties property propfind proppatch protected protection proto protocol prototype provide
provider province proxies proxy public publish publisher pull purge purple purpose push pushes put putting
puzzle qr qualified quality quantity quarter queried queries query querystring quest question queue quic
quiz quorum quote rabbit race rain raise ran random range rank rate rather raw rcpt reach reaches react read
readable reader readme readonly ready real really reason reasonable receipt receive recent recently recharge
recipient recommend reconnection record recoverable recursive recursively red redact redaction redirect
redis reduce redundant ref refer reference referer referrer reflect reflection refresh refund refused reg
regardless regex regexp region register registration registry regular reject rejection related relation
relative relaxed release relevant reliable relies reload rely remain remarks remember remote remotely
removal remove render repeat repl replace replacement replay replica replies reply report repository
represent representation req request require requirements res reservation reserve reset resolution resolve
resolver resource respect respective respectively respond response responsibility responsible rest restart
restaurant restore restrict result resume ret retain retainer retention rethrow retried retries retrieve
retry return reverse review reward rewrite rfc rice ride right risk rmb role rolled room root rotation round
route router row rpc rsa rss rule run running runtime rx rxjs safe safely safety said salad sale salt same
sample sampler satisfiable satisfies satisfy save says scale scan scanned scanning scenario schedule
scheduler schema scheme school scope score screen script sdk search searches seat sec seckill second
secondary secret section secure security see seen segment segmenter select selection selector self seller
semantics semicolon semver send sender sense sensitive sent sentence separate separately separator sequence
sequential sequentially serial serializable serialization serialize serializer series serve server
servername service session set setter setting settled settles setup several severity sha shadow shallow
shape shard share shelf shift shipment shipping shop short shortcut shorthand should shouldn show shown
shutdown shutting sibling side sig sighup sigint sign signal signature signer significantly signup sigterm
silent silently similar similarly simple simpler simply simulate since single sink site situations size skip
skipped skipping sku slash slashes slice slightly slope slots slow slower small smaller sms smtp snack
snapshot sni snow socket socks soft some someone something sometimes somewhat somewhere song soon sort soup
source south space span sparse spawn spec special species specific specifically specification specificity
specified specifier specifies specify speed spent spike split splitting spread sql sqlite src sse ssl stable
stack staff stage stale standard start starttls startup stat state statement static station statistic status
stay stderr stdin stdio stdout step still stock stop stopped stopping storage store str straight strategy
streak stream streamable street strict strictly stringified stringify strip strong strongly structure
student stuff style sub subclass subclasses subdirectories subdomain subject subnet subscribe subscriber
subscription subsequent subset substring subtype succeed success successful successfully such suffix
suitable sum summary sunny super supplied supplier supplies supply support supposed suppressed suppresses
sure surrogate survey survive suspend svg swap swift switch switches sym symbol symlink symmetric sync
synchronous synchronously syntax system tab table tag tagged tail take taken tap target task tax taxes tcp
tea teacher team teapot teardown telemetry telephone tell temperature template temporal temporary tenant
terminal terminate test text textual than that the their them themselves then thenable there therefore these
they third this those though thread three threshold threw throttle through throughput throw thrown thus tick
ticket time timeout timer timestamp timezone tip title tls to todo together token too tooling tools top
topic topup total trace track trade traffic trail trailer transaction transfer transferable transferred
transform transformation transformer transient transmission transport traversal traversed treat treatment
tree trend tries trigger trim trip triple true trust truthy try ts tslint ttl tty tuple turn twice two tx
txt type typeof typescript typically tz ucs udp ui uid uint unable unary unauthorized unavailable unbounded
unchanged unchecked undefined under underlying understand undocumented unencrypted unexpected unhandled
unicode union unionid unique unit unix unknown unless unlike unlimited unlink unlock unmatched unmodified
unnamed unnecessary unpaid unparsed unprocessable unread unregister unsafe unserializable unset unsigned
unspecified unsubscribe unsupported until untouched untrusted unused unwrap unwrapped unzip up update
upgrade upload upon upper uppercase upstream uri url urlencoded us usable usage use useful user username
usual usually utc utf util utilities utility utilize uuid ux val valid validate validation validator value
var variable variant various vary vehicle venue verb verbatim verbose verified verifies verify version very
via video view violations vip virtual visible vm vocabulary void vote voucher wait waiter wall wallet want
warehouse warn was wasm wasn watch water way we weak weather web webhook webm webp webpack websocket wechat
week weight weixin well went were west what whatever whatwg when whenever where whereas whether which
whichever while white whitelist whitespace whole whose why wide width wiki wildcard win wind window wise
wish with withdraw within without won word work workarounds worker world would wouldn wrap wrapped wrapper
wrapping writable write written wrong ws www wxapp xhr xhtml xml xoauth yarn year yellow yet yield you your
yourself zero zh zip zombie zone zstd
`;
