package dev.ashlar.raft.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Virtual time and a network with a firewall. Everything that happens is an event at a time; equal seeds give equal
 * histories.
 */
final class SimWorld {
    final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Link, Rule> rules = new HashMap<>();
    private long nowNanos = 1_000_000_000L;
    private long sequence;

    /** What happens to frames of one direction of a pair. */
    record Rule(double dropProbability, long extraDelayNanos, boolean reorder) {
        static final Rule OPEN = new Rule(0, 0, false);
        static final Rule CUT = new Rule(1, 0, false);
    }

    private record Link(String from, String to) {}

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = Long.compare(atNanos, other.atNanos);
            return order != 0 ? order : Long.compare(sequence, other.sequence);
        }
    }

    private final Map<Link, Long> lastArrival = new HashMap<>();
    private final Map<Link, Integer> delivered = new HashMap<>();

    SimWorld(long seed) {
        random = new Random(seed);
    }

    long now() {
        return nowNanos;
    }

    void at(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + delayNanos, sequence++, action));
    }

    /** Runs until a time; then it is that time. */
    void runFor(long nanos) {
        long end = nowNanos + nanos;
        while (!events.isEmpty() && events.peek().atNanos <= end) {
            Event event = events.poll();
            nowNanos = event.atNanos;
            event.action.run();
        }
        nowNanos = end;
    }

    void rule(String from, String to, Rule rule) {
        rules.put(new Link(from, to), rule);
    }

    void heal() {
        rules.clear();
    }

    /** Cuts both directions between a node and the others. */
    void isolate(String node, Set<String> others) {
        for (String other : others) {
            rule(node, other, Rule.CUT);
            rule(other, node, Rule.CUT);
        }
    }

    boolean isOpen(String from, String to) {
        return rules.getOrDefault(new Link(from, to), Rule.OPEN).dropProbability < 1;
    }

    /** Delivers after 0.1 to 3 ms, in order unless the rule says otherwise, or never. */
    void deliver(String from, String to, Runnable arrival) {
        Link link = new Link(from, to);
        Rule rule = rules.getOrDefault(link, Rule.OPEN);
        if (random.nextDouble() < rule.dropProbability) {
            return;
        }
        long at = nowNanos + 100_000 + random.nextLong(2_900_000) + rule.extraDelayNanos;
        if (!rule.reorder) {
            at = Math.max(at, lastArrival.getOrDefault(link, 0L));
            lastArrival.put(link, at);
        }
        delivered.merge(link, 1, Integer::sum);
        at(at - nowNanos, arrival);
    }

    /** How many frames have been delivered, or are on their way. */
    int delivered(String from, String to) {
        return delivered.getOrDefault(new Link(from, to), 0);
    }

    /** A random order of a list. */
    <T> List<T> shuffled(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        java.util.Collections.shuffle(copy, random);
        return copy;
    }
}
