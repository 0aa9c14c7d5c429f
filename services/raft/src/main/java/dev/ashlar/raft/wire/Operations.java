package dev.ashlar.raft.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.groupop.UpdateRaftGroupMembersOp;
import io.microraft.model.impl.groupop.DefaultUpdateRaftGroupMembersOpOrBuilder;

import dev.ashlar.raft.Member;

/** What log entries carry, as bytes. The type byte stands beside the payload, in the log as on the wire. */
public final class Operations {
    static final byte BATCH = 1;
    static final byte NEW_TERM = 2;
    static final byte MEMBERS = 3;

    private static final byte[] EMPTY = {};

    private Operations() {}

    static byte typeOf(Object operation) {
        return switch (operation) {
            case Operation.Batch b -> BATCH;
            case Operation.NewTerm n -> NEW_TERM;
            case UpdateRaftGroupMembersOp u -> MEMBERS;
            default -> throw new IllegalArgumentException("no log entry carries " + operation.getClass());
        };
    }

    static byte[] encode(Object operation) {
        return switch (operation) {
            case Operation.Batch batch -> encodeBatch(batch.commands());
            case Operation.NewTerm n -> EMPTY;
            case UpdateRaftGroupMembersOp update -> encodeMembers(update);
            default -> throw new IllegalArgumentException("no log entry carries " + operation.getClass());
        };
    }

    /**
     * Looks at what a peer has sent, and copies no commands.
     *
     * @throws WireException when it is no operation
     */
    static void check(byte type, byte[] payload) {
        switch (type) {
            case BATCH -> checkBatch(payload);
            case NEW_TERM -> new ByteReader(payload).end();
            case MEMBERS -> decodeMembers(payload);
            default -> throw new WireException("unknown type of entry " + type);
        }
    }

    private static byte[] encodeBatch(List<byte[]> commands) {
        int size = 4;
        for (byte[] command : commands) {
            size += 4 + command.length;
        }
        ByteWriter out = new ByteWriter(size).putInt(commands.size());
        for (byte[] command : commands) {
            out.putInt(command.length).putBytes(command);
        }
        return out.toBytes();
    }

    static List<byte[]> decodeBatch(byte[] payload) {
        ByteReader in = new ByteReader(payload);
        int count = in.getCount(4);
        List<byte[]> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            commands.add(in.getBytes(in.getCount(1)));
        }
        in.end();
        return commands;
    }

    private static void checkBatch(byte[] payload) {
        ByteReader in = new ByteReader(payload);
        for (int left = in.getCount(4); left > 0; left--) {
            in.skip(in.getCount(1));
        }
        in.end();
    }

    private static byte[] encodeMembers(UpdateRaftGroupMembersOp update) {
        ByteWriter out = new ByteWriter(256).put(update.getMode().ordinal());
        write(out, Endpoint.memberOf(update.getEndpoint()));
        writeAll(out, update.getMembers());
        writeAll(out, update.getVotingMembers());
        return out.toBytes();
    }

    static Object decodeMembers(byte[] payload) {
        ByteReader in = new ByteReader(payload);
        int mode = in.get();
        MembershipChangeMode[] modes = MembershipChangeMode.values();
        if (mode >= modes.length) {
            throw new WireException("unknown membership change " + mode);
        }
        DefaultUpdateRaftGroupMembersOpOrBuilder update = new DefaultUpdateRaftGroupMembersOpOrBuilder();
        update.setMode(modes[mode]);
        update.setEndpoint(new Endpoint(readMember(in)));
        update.setMembers(readAll(in));
        update.setVotingMembers(readAll(in));
        in.end();
        return update.build();
    }

    static void write(ByteWriter out, Member member) {
        out.putString(member.nodeId()).putLong(member.replicaId());
    }

    static Member readMember(ByteReader in) {
        String nodeId = in.getString();
        long replicaId = in.getLong();
        if (replicaId < 1) {
            throw new WireException("replica " + replicaId);
        }
        return new Member(nodeId, replicaId);
    }

    static void writeAll(ByteWriter out, Collection<RaftEndpoint> endpoints) {
        out.putInt(endpoints.size());
        for (RaftEndpoint endpoint : endpoints) {
            write(out, Endpoint.memberOf(endpoint));
        }
    }

    static Collection<RaftEndpoint> readAll(ByteReader in) {
        int count = in.getCount(12);
        Collection<RaftEndpoint> endpoints = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            endpoints.add(new Endpoint(readMember(in)));
        }
        return endpoints;
    }
}
