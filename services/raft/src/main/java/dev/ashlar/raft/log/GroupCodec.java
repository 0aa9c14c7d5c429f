package dev.ashlar.raft.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import dev.ashlar.raft.Member;

/** Payloads of {@link RecordKind#STATE} and {@link RecordKind#MARK}. Strings are at most 65,535 bytes long. */
final class GroupCodec {
    private GroupCodec() {}

    /** A group and the index up to which its entries were released. */
    record State(GroupMeta meta, long released) {}

    static byte[] encode(State state) {
        return bytes(out -> {
            GroupMeta meta = state.meta();
            out.writeLong(state.released());
            writeMember(out, meta.local());
            out.writeBoolean(meta.voting());
            writeMembers(out, meta.initialVoters());
            writeMembers(out, meta.initialLearners());
            out.writeInt(meta.term());
            out.writeUTF(meta.votedFor());
            out.writeInt(meta.marks().size());
            for (SnapshotMark mark : meta.marks()) {
                writeMark(out, mark);
            }
        });
    }

    static State decodeState(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        long released = in.readLong();
        Member local = readMember(in);
        boolean voting = in.readBoolean();
        List<Member> voters = readMembers(in);
        List<Member> learners = readMembers(in);
        int term = in.readInt();
        String votedFor = in.readUTF();
        List<SnapshotMark> marks = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            marks.add(readMark(in));
        }
        return new State(new GroupMeta(local, voting, voters, learners, term, votedFor, marks), released);
    }

    static byte[] encode(SnapshotMark mark) {
        return bytes(out -> writeMark(out, mark));
    }

    static SnapshotMark decodeMark(byte[] payload) throws IOException {
        return readMark(new DataInputStream(new ByteArrayInputStream(payload)));
    }

    private static void writeMark(DataOutputStream out, SnapshotMark mark) throws IOException {
        out.writeLong(mark.index());
        out.writeInt(mark.term());
        out.writeLong(mark.membersIndex());
        writeMembers(out, mark.voters());
        writeMembers(out, mark.learners());
    }

    private static SnapshotMark readMark(DataInputStream in) throws IOException {
        return new SnapshotMark(in.readLong(), in.readInt(), in.readLong(), readMembers(in), readMembers(in));
    }

    private static void writeMembers(DataOutputStream out, List<Member> members) throws IOException {
        out.writeInt(members.size());
        for (Member member : members) {
            writeMember(out, member);
        }
    }

    private static List<Member> readMembers(DataInputStream in) throws IOException {
        List<Member> members = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            members.add(readMember(in));
        }
        return members;
    }

    private static void writeMember(DataOutputStream out, Member member) throws IOException {
        out.writeUTF(member.nodeId());
        out.writeLong(member.replicaId());
    }

    private static Member readMember(DataInputStream in) throws IOException {
        return new Member(in.readUTF(), in.readLong());
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
