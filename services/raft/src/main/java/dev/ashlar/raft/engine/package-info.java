/**
 * Runs MicroRaft: one {@link dev.ashlar.raft.engine.Engine} per process carries the nodes of all groups on one thread.
 *
 * <ol>
 *   <li>A turn runs what is queued (messages, commands, finished syncs), then the timers that are due, then proposes what
 *       clients have submitted, makes applied entries visible, sends, and hands everything that was appended to the sync
 *       thread: one write and one fdatasync for all groups.
 *   <li>While a sync runs, turns go on. Every write to the log belongs to an <em>epoch</em> (one seal of the log); a
 *       message that promises something (a success answer, a vote, any new term) is held until the epoch of that
 *       something is on the disk. Append requests leave before the leader's own sync; the leader counts itself only when
 *       its epoch is durable.
 *   <li>The leader's lease comes from send times that a majority's answers echo; a restarted voter stays out of elections
 *       until any lease it may have granted has run out (S2).
 *   <li>Snapshots are marks in the log; their files are made when a follower needs them and streamed beside the messages.
 * </ol>
 *
 * <p>MicroRaft's clock runs faster than the wall: its configuration counts in whole seconds, ours in milliseconds ({@link
 * dev.ashlar.raft.engine.Timing}). Nothing outside this package and {@code wire} knows MicroRaft.
 */
package dev.ashlar.raft.engine;
