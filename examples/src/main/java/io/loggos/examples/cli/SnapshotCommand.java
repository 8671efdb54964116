package io.loggos.examples.cli;

import io.loggos.api.LoggosException;
import io.loggos.examples.admin.proto.CreateSnapshotRequest;
import io.loggos.examples.admin.proto.DrawSnapshotReply;
import io.loggos.examples.admin.proto.ListSnapshotsRequest;
import io.loggos.examples.admin.proto.SnapshotProgressReply;
import io.loggos.examples.admin.proto.SnapshotRequest;
import io.loggos.examples.admin.proto.SnapshotSummary;
import io.loggos.examples.cli.client.ExportedFiles;
import io.loggos.examples.cli.client.JsonText;
import io.loggos.examples.cli.client.ProgressLine;
import io.loggos.examples.cli.client.SnapshotClient;
import io.loggos.examples.cli.options.BadUsageException;
import io.loggos.examples.cli.options.CommandFailure;
import io.loggos.examples.cli.options.EndpointsOption;
import io.loggos.paxos.Restore;
import io.loggos.snapshot.draw.SpaceTimeDiagram;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loggos snapshot}: global snapshots of a running cluster. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = {
            "Takes consistent global snapshots of a running cluster, and works with them.",
            "",
            "A snapshot is named by its id; where none is given, the newest is meant."
        })
final class SnapshotCommand extends CommandGroup {
    private static final long SHORT_SECONDS = 10;
    private static final long LONG_SECONDS = 24 * 3600;

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Takes a snapshot of all members that are up, and prints its id.")
    void create(
            @Mixin EndpointsOption where,
            @Option(
                            names = "--deadline",
                            paramLabel = "SECONDS",
                            defaultValue = "30",
                            description = "Gives up after so long. Default: ${DEFAULT-VALUE}")
                    int deadlineSeconds,
            @Option(
                            names = "--retain",
                            paramLabel = "N",
                            defaultValue = "4",
                            description = "How many snapshots each member keeps. Default: ${DEFAULT-VALUE}")
                    int retained,
            @Option(names = "--json", description = "Prints a JSON object.") boolean json) {
        CreateSnapshotRequest request = CreateSnapshotRequest.newBuilder()
                .setDeadlineMillis(1_000L * positive("--deadline", deadlineSeconds))
                .setRetained(positive("--retain", retained))
                .build();
        SnapshotSummary taken = new SnapshotClient(where.parse(), where.connector())
                .ask(deadlineSeconds + SHORT_SECONDS, stub -> stub.create(request));
        say(json ? JsonText.of(json(taken)) : taken.getId());
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the snapshots that the first member that answers has its part of, oldest first.")
    void list(
            @Mixin EndpointsOption where,
            @Option(names = "--json", description = "Prints a JSON array.") boolean json) {
        List<SnapshotSummary> all = new SnapshotClient(where.parse(), where.connector())
                .ask(SHORT_SECONDS, stub -> stub.list(ListSnapshotsRequest.getDefaultInstance()))
                .getSnapshotsList();
        if (json) {
            say(JsonText.of(all.stream().map(SnapshotCommand::json).toList()));
            return;
        }
        say(row("ID", "TAKEN AT", "NODES", "SIZE OF THE MEMBER'S PART"));
        all.forEach(each -> say(row(
                each.getId(),
                Instant.ofEpochMilli(each.getTakenAtMillis()),
                nodes(each),
                ProgressLine.bytes(each.getSizeBytes()))));
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, "%-28s %-24s %-12s %s", columns);
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Compares every byte of a snapshot with the hashes that were recorded.",
                "",
                "The part of each member that is named, or an exported snapshot."
            })
    void verify(
            @Mixin EndpointsOption where,
            @Option(names = "--directory", paramLabel = "DIR", description = "An exported snapshot.") @Nullable
                    Path directory,
            @Parameters(arity = "0..1", paramLabel = "ID") @Nullable String id) {
        ProgressLine progress = progress();
        if (directory != null) {
            say("sound: " + sound(directory, progress));
            return;
        }
        where.parse().forEach(endpoint -> {
            SnapshotSummary verified = new SnapshotClient(List.of(endpoint), where.connector())
                    .ask(LONG_SECONDS, stub -> last(stub.verify(request(id)), progress));
            say("sound: " + verified.getId() + " at " + endpoint + ", " + ProgressLine.bytes(verified.getSizeBytes()));
        });
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Copies a snapshot with the states of all members into a new directory here.")
    void export(
            @Mixin EndpointsOption where,
            @Option(names = "--id", paramLabel = "ID", description = "Default: the newest.") @Nullable String id,
            @Parameters(paramLabel = "DIR") Path directory) {
        ProgressLine progress = progress();
        try (ExportedFiles files = ExportedFiles.into(directory)) {
            new SnapshotClient(where.parse(), where.connector()).ask(LONG_SECONDS, stub -> {
                Iterator<SnapshotProgressReply> replies = stub.export(request(id));
                return files.receive(replies, progress);
            });
            String exported = sound(files.directory(), progress);
            files.publish();
            say(exported + " is in " + directory);
        } catch (IOException e) {
            throw new CommandFailure("cannot write to " + directory + ": " + e.getMessage(), e);
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a snapshot at all members that are up.")
    void delete(@Mixin EndpointsOption where, @Parameters(paramLabel = "ID") String id) {
        new SnapshotClient(where.parse(), where.connector()).ask(SHORT_SECONDS, stub -> stub.delete(request(id)));
        say("deleted " + id);
    }

    @Command(
            name = "draw",
            mixinStandardHelpOptions = true,
            description = "Draws the space-time diagram of a cut: states, markers, and messages across it.")
    void draw(
            @Mixin EndpointsOption where,
            @Option(names = "--id", paramLabel = "ID", description = "Default: the newest.") @Nullable String id,
            @Option(names = "--directory", paramLabel = "DIR", description = "Of an exported snapshot.") @Nullable
                    Path directory,
            @Parameters(paramLabel = "FILE.svg") Path file) {
        String svg;
        if (directory == null) {
            DrawSnapshotReply drawn =
                    new SnapshotClient(where.parse(), where.connector()).ask(60, stub -> stub.draw(request(id)));
            svg = drawn.getSvg();
        } else {
            svg = SpaceTimeDiagram.of(Restore.from(directory).open()).toSvg();
        }
        try {
            Files.writeString(file, svg);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
        }
        say("drawn: " + file);
    }

    /** Verifies an exported snapshot and returns its id. */
    private static String sound(Path directory, ProgressLine progress) {
        try {
            return Restore.from(directory).reporting(progress::at).verify().id().toString();
        } catch (LoggosException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static SnapshotSummary last(Iterator<SnapshotProgressReply> replies, ProgressLine progress) {
        while (replies.hasNext()) {
            SnapshotProgressReply reply = replies.next();
            if (reply.hasDone()) {
                return reply.getDone();
            }
            progress.at(
                    reply.getProgress().getWhat(),
                    reply.getProgress().getDoneBytes(),
                    reply.getProgress().getAllBytes());
        }
        throw new CommandFailure("the answer ended too early");
    }

    private ProgressLine progress() {
        return new ProgressLine(err());
    }

    private void say(String line) {
        PrintWriter out = out();
        out.println(line);
        out.flush();
    }

    private static SnapshotRequest request(@Nullable String id) {
        return SnapshotRequest.newBuilder().setId(id == null ? "" : id).build();
    }

    private static int positive(String name, int value) {
        if (value < 1) {
            throw new BadUsageException(name + " is at least 1, not " + value);
        }
        return value;
    }

    private static String nodes(SnapshotSummary snapshot) {
        return snapshot.getNodesList().stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static Map<String, Object> json(SnapshotSummary snapshot) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", snapshot.getId());
        json.put("clusterId", snapshot.getClusterId());
        json.put("takenAtMillis", snapshot.getTakenAtMillis());
        json.put("nodes", snapshot.getNodesList());
        json.put("partBytes", snapshot.getSizeBytes());
        return json;
    }
}
