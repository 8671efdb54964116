package io.loggos.examples.skip;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.examples.server.admin.AdminAccess;
import io.loggos.examples.server.admin.LogService;
import io.loggos.testkit.TextMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One member that replicates a text, and answers an operator. It does what the lines of its input say, and writes into its
 * record what came of it:
 *
 * <ul>
 *   <li>{@code write X}: adds X to the text. An exclamation mark makes the state machine throw.
 *   <li>{@code read X}: reads the text.
 * </ul>
 */
final class SkipProgram {
    static final String LOG = "text";

    private final Path record;
    private final Text machine = new Text();

    private SkipProgram(Path record) {
        this.record = record;
    }

    /** Throws an error on an exclamation mark. */
    private static final class Text extends TextMachine {
        @Override
        public Bytes apply(Command command) {
            Bytes answer = super.apply(command);
            if (text.endsWith("!")) {
                throw new LinkageError("a class is missing");
            }
            return answer;
        }
    }

    /** Takes id, data directory, record, port for operators, and the ports of all members. */
    public static void main(String[] arguments) throws IOException {
        SkipProgram program = new SkipProgram(Path.of(arguments[2]));
        int id = Integer.parseInt(arguments[0]);
        NodeBuilder builder = Node.builder().id(id).dataDirectory(Path.of(arguments[1]));
        for (int member = 1; member + 3 < arguments.length; member++) {
            String address = "127.0.0.1:" + arguments[member + 3];
            if (member == id) {
                builder.listen(address);
            } else {
                builder.peer(member, address);
            }
        }
        try (Node node = builder.open();
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            node.onEvent(event -> {
                if (event instanceof NodeEvent.Halted halted) {
                    program.record("halted: " + halted.reason());
                }
            });
            Replica replica = node.replicate(
                    LOG,
                    program.machine,
                    ReplicaOptions.builder()
                            .requestTimeout(Duration.ofSeconds(30))
                            .build());
            Server operators = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[3])))
                    .addService(ServerInterceptors.intercept(
                            new LogService(node, LOG).bindService(), new AdminAccess(Set.of(), null)))
                    .build()
                    .start();
            // It halts at once, or commands are taken from here on.
            Object unused = node.ready()
                    .thenCompose(formed -> replica.awaitLeader(Duration.ofMinutes(2)))
                    .handle((leader, failure) -> program.record("leader: " + (failure == null ? leader : failure)))
                    .join();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                program.run(replica, line);
            }
            operators.shutdownNow();
        }
    }

    private void run(Replica replica, String line) {
        CompletableFuture<?> unused = line.startsWith("write ")
                ? replica.propose(Bytes.utf8(line.substring(6)))
                        .handle((result, failure) -> record(line + (failure == null ? ": done" : ": " + failure)))
                : replica.read(Consistency.LINEARIZABLE, () -> machine.text)
                        .handle((read, failure) -> record(line + ": " + (failure == null ? read.value() : failure)));
    }

    private boolean record(String line) {
        try {
            Files.writeString(
                    record, line.replace('\n', ' ') + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
