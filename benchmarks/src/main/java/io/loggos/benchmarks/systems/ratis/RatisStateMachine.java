package io.loggos.benchmarks.systems.ratis;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Command hash of a server. Ratis applies one command after the other, on one thread. */
final class RatisStateMachine extends BaseStateMachine {
    private static final CompletableFuture<Message> DONE = CompletableFuture.completedFuture(Message.EMPTY);

    private final CommandHash hash = new CommandHash();
    /** Buffer for a command, since a byte string gives its bytes only as a copy. */
    private byte[] bytes = new byte[4096];

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        ByteString command = entry.getStateMachineLogEntry().getLogData();
        if (command.size() > bytes.length) {
            bytes = new byte[command.size()];
        }
        command.copyTo(bytes, 0);
        hash.apply(bytes, 0, command.size());
        hash.publish();
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        return DONE;
    }

    CommandHash.Value published() {
        return hash.published();
    }
}
