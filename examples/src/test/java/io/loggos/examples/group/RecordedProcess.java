package io.loggos.examples.group;

import io.loggos.testkit.JavaCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Process of a program that takes lines of input and writes lines into a record. */
public final class RecordedProcess implements AutoCloseable {
    private final Process process;
    private final Path record;
    private final Path output;

    private RecordedProcess(Process process, Path record, Path output) {
        this.process = process;
        this.record = record;
        this.output = output;
    }

    /**
     * Starts a program.
     *
     * @param record the file that the program will write its record into
     * @param output the file for all else that it writes
     */
    public static RecordedProcess start(Class<?> program, Path record, Path output, List<String> arguments) {
        List<String> command = JavaCommand.with("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new RecordedProcess(process, record, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True while the process runs. */
    public boolean isUp() {
        return process.isAlive();
    }

    /** Writes a line into the input of the program. */
    public void tell(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the process has ended: " + lastOutput(), e);
        }
    }

    /** Kills it, like kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends its input and waits for its end, which must be in order. */
    public void end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        int code = process.waitFor();
        if (code != 0) {
            throw new AssertionError("the process ended with " + code + ": " + lastOutput());
        }
    }

    /** Returns the last lines of its output, for the message of a failure. */
    public String lastOutput() {
        try {
            String text = Files.readString(output);
            return text.substring(Math.max(0, text.length() - 4_000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns the lines of the record up to now. An unfinished line is left out. */
    public List<String> lines() {
        try {
            String text = Files.exists(record) ? Files.readString(record) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
