package io.loggos.paxos.runtime.views;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.group.core.agreement.PrimaryLine;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Agree;
import io.loggos.multicast.group.core.model.GroupMessage.Leave;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.group.wire.GroupEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state machine that holds the sequence of primary views of each group.
 *
 * <p>A command is an {@link Agree}, which asks for a view, or a {@link Leave}, in the encoding that groups use
 * between members. A checkpoint is a list of both.
 */
final class PrimaryLines implements StateMachine {
    private static final String FILE = "lines";

    /** The log's answer about a view. */
    record Answer(boolean granted, long counter) {
        /**
         * Creates an answer.
         *
         * @param counter the counter of the view that was granted last
         */
        Answer {}

        private Bytes encode() {
            return new ByteWriter(9).putBoolean(granted).putLong(counter).toBytes();
        }

        /** Decodes the answer to a command. */
        static Answer decode(Bytes bytes) {
            ByteReader reader = new ByteReader(bytes);
            Answer answer = new Answer(reader.getBoolean(), reader.getLong());
            reader.end();
            return answer;
        }
    }

    private final TreeMap<GroupId, PrimaryLine> lines = new TreeMap<>();

    /** Encodes the command that asks for a view, or that reports a member's leaving. */
    static Bytes command(NodeId self, GroupId group, GroupMessage message) {
        GroupCodec.Encoded encoded = GroupCodec.encode(self, group, message);
        return new ByteWriter(encoded.head().size() + encoded.body().size())
                .putRaw(encoded.head())
                .putRaw(encoded.body())
                .toBytes();
    }

    @Override
    public Bytes apply(Command command) {
        GroupEnvelope envelope = GroupCodec.decode(command.payload());
        PrimaryLine line = lines.computeIfAbsent(envelope.group(), group -> new PrimaryLine());
        boolean granted = false;
        if (envelope.message() instanceof Agree asked) {
            granted = line.grant(asked.proposal());
        } else if (envelope.message() instanceof Leave leave) {
            line.onLeft(leave.member());
        }
        return new Answer(granted, line.counter()).encode();
    }

    @Override
    public CheckpointWriter checkpoint() {
        ByteWriter writer = new ByteWriter(1024).putInt(lines.size());
        NodeId nobody = NodeId.of(1);
        lines.forEach((group, line) -> {
            writer.putLong(group.value());
            writer.putInt(line.granted().size());
            line.granted().forEach(view -> writer.putBytes(command(nobody, group, new Agree(view))));
            writer.putInt(line.left().size());
            line.left()
                    .forEach(
                            (node, life) -> writer.putBytes(command(nobody, group, new Leave(new Member(node, life)))));
        });
        byte[] captured = writer.toBytes().toByteArray();
        return directory -> Files.write(directory.resolve(FILE), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        ByteReader reader = new ByteReader(Bytes.wrap(Files.readAllBytes(directory.resolve(FILE))));
        lines.clear();
        try {
            for (int count = reader.getInt(); count > 0; count--) {
                GroupId group = new GroupId(reader.getLong());
                lines.put(group, readLine(reader));
            }
            reader.end();
        } catch (MalformedException e) {
            throw new IOException("the checkpoint of the views of groups cannot be read", e);
        }
    }

    private static PrimaryLine readLine(ByteReader reader) {
        List<Proposal> granted = new ArrayList<>();
        for (int views = reader.getInt(); views > 0; views--) {
            granted.add(message(reader, Agree.class).proposal());
        }
        Map<NodeId, Long> left = new TreeMap<>();
        for (int members = reader.getInt(); members > 0; members--) {
            Member member = message(reader, Leave.class).member();
            left.put(member.node(), member.life());
        }
        return new PrimaryLine(granted, left);
    }

    private static <T extends GroupMessage> T message(ByteReader reader, Class<T> type) {
        GroupMessage message = GroupCodec.decode(reader.getBytes()).message();
        if (!type.isInstance(message)) {
            throw new MalformedException(message + " where a " + type.getSimpleName() + " belongs");
        }
        return type.cast(message);
    }
}
