/**
 * TCP between the processes of a cluster: opaque frames of the engine and streams of snapshot files. The engine owns a
 * {@link dev.ashlar.raft.transport.PeerTransport}; nothing here knows what a frame means, and no frame is repeated: one
 * that cannot leave is dropped, since Raft sends it again.
 *
 * <p>The protocol, all numbers big-endian; a process dials everybody that it sends to:
 *
 * <ol>
 *   <li>Dialler: {@code "ASHLPEER"}, u16 major, u16 minor, u16 length, body, u32 CRC32C of all before. Body: u8 purpose (0
 *       frames, 1 snapshot), i64 incarnation, cluster id, own node id, node id wanted, each text as u8 length and UTF-8.
 *   <li>Acceptor: the same envelope; body: u8 accepted, i64 incarnation, reason. A wrong magic gets no answer.
 *   <li>Frames: u32 length, u32 CRC32C of the payload, payload. The dialler pings by a length of 0, which is answered by a
 *       length of 0. Whoever hears nothing for 15 s closes.
 *   <li>Snapshot: records of u8 type, u32 length, u32 CRC32C, payload. The dialler sends {@code Q}; the answer is, for each
 *       file, {@code F C* E}, then {@code D}, or {@code X} with a reason at any point. See {@code SnapshotWire}.
 * </ol>
 *
 * <p>{@code Acceptor} and {@code Fence} decide who may speak (S5); every length is checked before it is believed (S8).
 */
package dev.ashlar.raft.transport;
