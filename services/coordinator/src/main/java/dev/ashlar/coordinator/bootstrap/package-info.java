/**
 * How N coordinators with empty disks become one group, and how they find each other later.
 *
 * <p>{@link dev.ashlar.coordinator.bootstrap.Bootstrap} decides from what each coordinator says of itself ({@code GET
 * /internal/v1/bootstrap}); {@link dev.ashlar.coordinator.bootstrap.FormationFile} keeps the decision before anything else
 * is done with it. A process decides once per disk: what the file says is final. The cases:
 *
 * <ul>
 *   <li>All N are empty, and all N see it: each computes the same sorted ids, hence the same cluster id and numbers.
 *   <li>A forms and is killed before B decided: B sees A's list with its own id and forms with it; while A is down, B waits,
 *       since not all N answer.
 *   <li>A is killed before its file is whole: it is still empty and decides again. Killed after: it goes on with the file.
 *   <li>C loses its disk between A's decision and B's: A's list has C's old id. B sees A's list and takes it; the new C is
 *       in no list and waits. Should B have asked A just before A decided, B may form with C's new id: the cluster ids
 *       differ, the two refuse each other, and only one of them can find a majority, since each disk belongs to one list.
 *       To make this rarer, a decision to form anew must be made twice in a row.
 *   <li>A coordinator with an empty disk beside a formed group waits and says so; it is never counted as a voter (S5).
 *   <li>Different {@code expect}, a list that lacks this process, two processes of one name: it waits and says which.
 * </ul>
 *
 * <p>The lifecycle calls in here. It never speaks Raft.
 */
package dev.ashlar.coordinator.bootstrap;
