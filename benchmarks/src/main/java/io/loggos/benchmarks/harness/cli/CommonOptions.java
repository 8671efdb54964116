package io.loggos.benchmarks.harness.cli;

import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.plot.LatencyPlot;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.ResultTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command. A command takes them in as a {@link Mixin}. */
public final class CommonOptions {
    private static final String JSON = ".json";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(names = "--short", order = 100, description = "A first impression in a few minutes; the figures are rough.")
    private boolean shortRun;

    @Option(
            names = "--json",
            order = 101,
            paramLabel = "FILE",
            description = "Write the records there, as a JSON array.")
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            order = 102,
            paramLabel = "FILE",
            description = "Write the tables there. Default: beside the JSON file, with its name and .md.")
    private @Nullable Path markdown;

    @Option(
            names = "--svg",
            order = 103,
            paramLabel = "FILE",
            description =
                    "Draw throughput against latency there. Default: beside the JSON file, with its name and .svg.")
    private @Nullable Path svg;

    @Option(
            names = "--data",
            order = 104,
            paramLabel = "DIR",
            description = "Where to put the data directories, on a real disk; what is put there is deleted at the end."
                    + " Default: the directory for temporary files.")
    private @Nullable Path data;

    @Option(
            names = {"-h", "--help"},
            order = 105,
            usageHelp = true,
            description = "Show this text.")
    @SuppressWarnings("UnusedVariable") // picocli asks for it
    private boolean help;

    /** Tells if rough figures in short time are enough. */
    public boolean shortRun() {
        return shortRun;
    }

    /** Returns the file for the records; null for none. */
    public @Nullable Path json() {
        return json;
    }

    /** Returns the file for the tables; null for none. */
    public @Nullable Path markdown() {
        return markdown == null ? besideJson(".md") : markdown;
    }

    /** Returns the file for the plot; null for none. */
    public @Nullable Path svg() {
        return svg == null ? besideJson(".svg") : svg;
    }

    /**
     * Creates the directory of this run, which is deleted when it is closed or when the JVM ends. It also checks that
     * the files that were asked for can be written, so that a long run does not end in an error.
     *
     * @throws ParameterException if what was asked for cannot be done
     */
    public DataDirectory openData() throws IOException {
        for (Path file : new @Nullable Path[] {json(), markdown(), svg()}) {
            requireWritable(file);
        }
        Path parent = data == null ? Path.of(System.getProperty("java.io.tmpdir")) : data;
        DataDirectory directory;
        try {
            directory = new DataDirectory(parent);
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw misuse("cannot use the directory " + parent + ": " + e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "bench-cleaning"));
        return directory;
    }

    /** Prints the tables of the reports, and writes the files that were asked for. */
    public void publish(List<Report> reports) throws IOException {
        if (reports.isEmpty()) {
            return;
        }
        publish(
                new ResultTable(reports).lines(),
                JsonObject.array(reports.stream().map(Report::toJson).toList()),
                () -> new LatencyPlot(reports).toSvg());
    }

    /**
     * Prints tables, and writes the files that were asked for, with a plot.
     *
     * @param tables lines for a person, also Markdown
     * @param records JSON array
     * @param plot draws the plot, if it is asked for
     */
    public void publish(List<String> tables, String records, Supplier<String> plot) throws IOException {
        publish(tables, records);
        Path svgFile = svg();
        if (svgFile != null) {
            Files.writeString(svgFile, plot.get());
        }
    }

    /** Prints tables, and writes the files that were asked for, without a plot. */
    public void publish(List<String> tables, String records) throws IOException {
        System.out.println();
        tables.forEach(System.out::println);
        Path jsonFile = json();
        if (jsonFile != null) {
            Files.writeString(jsonFile, records);
        }
        Path markdownFile = markdown();
        if (markdownFile != null) {
            Files.write(markdownFile, tables);
        }
    }

    /** Returns an exception for bad usage of this command, to be thrown: it is reported, and the exit code is 2. */
    public ParameterException misuse(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /**
     * Checks the numbers given for an option.
     *
     * @throws ParameterException if one of them is out of bounds
     */
    public void requireBetween(String option, List<? extends Number> numbers, long least, long most) {
        for (Number number : numbers) {
            if (number.longValue() < least || number.longValue() > most) {
                throw misuse(option + " is " + least + " to " + most + ", not " + number);
            }
        }
    }

    private void requireWritable(@Nullable Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isWritable(file)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw misuse("cannot write " + file);
        }
    }

    private @Nullable Path besideJson(String suffix) {
        Path name = json == null ? null : json.getFileName();
        if (json == null || name == null) {
            return null;
        }
        String text = name.toString();
        String stem = text.endsWith(JSON) ? text.substring(0, text.length() - JSON.length()) : text;
        return json.resolveSibling(stem + suffix);
    }
}
