package io.loggos.examples.cli;

import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.examples.cli.client.ProgressLine;
import io.loggos.examples.cli.options.MemberFlags;
import io.loggos.paxos.Restore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code loggos restore}: the data directory of one member, from an exported snapshot. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes the data directory of one member from an exported snapshot.",
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

    @Parameters(paramLabel = "DIR", description = "The exported snapshot.")
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

    @Override
    public Integer call() {
        Restore restore = Restore.from(snapshot)
                .reporting(new ProgressLine(spec.commandLine().getErr())::at);
        restore = ofCluster == null ? restore : restore.ofCluster(ofCluster);
        restore = leaveOutOthers ? restore.leavingOutOthers() : restore;
        NodeOptions node = member.settings().toOptions().node();
        SnapshotInfo restored = restore.into(node);
        spec.commandLine()
                .getOut()
                .println("node " + node.id().value() + " begins at snapshot " + restored.id() + " of "
                        + restored.takenAt() + ", in " + node.dataDirectory());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
