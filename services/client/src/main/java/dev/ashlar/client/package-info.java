/**
 * The Java client. {@link dev.ashlar.client.AshlarClient} is all a program needs; what it takes and gives are records beside
 * it, what it throws is in {@code error}.
 *
 * <ol>
 *   <li><b>Whom it asks.</b> The leader of the key's shard, when it is known and can be reached ({@code route}), else the
 *       given endpoints in turn, which forward. No call waits to learn who leads.
 *   <li><b>What it repeats.</b> Every call, until its timeout, while it is answered 429, 502, 503 ({@code no_leader},
 *       {@code draining}) or 504, or the connection cannot be made or breaks ({@code http}). That is safe: reads change
 *       nothing; a write carries an Idempotency-Key that is the same in all its tries, so it applies once (S4); a lock is
 *       asked for by an owner who may ask again. It waits as long as {@code Retry-After} says, with jitter.
 *   <li><b>How it ends.</b> A result with its revision; or an exception with the stable code. A condition that did not hold
 *       and an outcome that is not known have types of their own: the first says that nothing was done, the second that it
 *       may have been. Nothing is ever reported as refused that an earlier try may have done.
 *   <li><b>Locks.</b> A held lock has a fencing token; a write that is given the lock is refused when it has been lost.
 * </ol>
 *
 * <p>Needs ashlar-common and Jackson's tree model: no reflection, so nothing to register for native images. Never prints,
 * never logs.
 */
package dev.ashlar.client;
