package io.loggos.examples.cli;

import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.examples.cli.client.ProgressLine;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.MemberFlags;
import io.loggos.examples.server.LoggosServer;
import io.loggos.examples.server.backup.EtcdBackupFile;
import io.loggos.paxos.Restore;
import io.loggos.paxos.StoreRestore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loggos restore}: the data directory of one member, from an exported snapshot or from one of etcdctl. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes the data directory of one member from an exported snapshot, or from a file that 'etcdctl snapshot"
                    + " save' has saved, from this server or from an etcd.",
            "",
            "Do it for each member, then start them all with 'loggos server' and the same flags. Addresses, the name"
                    + " of the cluster and the members may be others than they were: under another --cluster-id"
                    + " it is a clone that cannot meet the original. --data must be empty or not there: nothing"
                    + " is overwritten."
        })
final class RestoreCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(paramLabel = "SNAPSHOT", description = "The directory of an exported snapshot, or the saved file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path snapshot;

    @Mixin
    private final MemberFlags member = new MemberFlags();

    @Option(
            names = "--of-cluster",
            paramLabel = "NAME",
            description = "Refuses a snapshot of any other cluster than this one.")
    private @Nullable String ofCluster;

    @Option(
            names = "--leave-out-others",
            description = "Leaves out what belongs to nodes that are no members any more, instead of refusing.")
    private boolean leaveOutOthers;

    @Option(
            names = "--skip-hash-check",
            description = "Takes a file without a digest too, such as a copy of an etcd's database.")
    private boolean skipHashCheck;

    @Override
    public Integer call() {
        if (Files.isRegularFile(snapshot)) {
            return fromFile();
        }
        Restore restore = Restore.from(snapshot)
                .reporting(new ProgressLine(spec.commandLine().getErr())::at);
        restore = ofCluster == null ? restore : restore.ofCluster(ofCluster);
        restore = leaveOutOthers ? restore.leavingOutOthers() : restore;
        NodeOptions node = member.settings().toOptions().node();
        SnapshotInfo restored = restore.into(node);
        tell(node, "snapshot " + restored.id() + " of " + restored.takenAt());
        return 0;
    }

    private Integer fromFile() {
        if (ofCluster != null || leaveOutOthers) {
            throw new BadUsageException(
                    List.of("--of-cluster and --leave-out-others are for exported snapshots, not for a file"));
        }
        NodeOptions node = member.settings().toOptions().node();
        try (EtcdBackupFile backup = EtcdBackupFile.open(snapshot, !skipHashCheck)) {
            StoreRestore.into(LoggosServer.LOG_NAME, backup, node);
            tell(node, "revision " + backup.revision() + " of " + snapshot);
        } catch (IOException e) {
            throw new CommandFailure(snapshot + " cannot be restored: " + e.getMessage(), e);
        }
        return 0;
    }

    private void tell(NodeOptions node, String begin) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("node " + node.id().value() + " begins at " + begin + ", in " + node.dataDirectory());
        out.flush();
    }
}
