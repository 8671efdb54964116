package io.loggos.benchmarks.harness.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The JVM that has forked this one, at the other end of standard input and output. When it ends, this one ends at once,
 * so there are no orphans. Any thread may call {@link #say}.
 */
public final class Forker {
    /** Exit code of a JVM whose forker has ended. */
    private static final int ALONE = 3;

    private final PrintStream output;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private Forker(PrintStream output) {
        this.output = output;
    }

    /** A program that speaks with the JVM that has forked it. */
    @FunctionalInterface
    public interface Program {
        /** Does all work; the JVM ends when it returns. */
        void run(Forker forker) throws Exception;
    }

    /**
     * Runs a program and ends this JVM: with 0, or with 1 and a stack trace if the program throws. Must be called first
     * of all.
     */
    public static void run(Program program) {
        Forker forker = take();
        try {
            program.run(forker);
        } catch (Exception | Error e) {
            e.printStackTrace();
            System.exit(1);
        }
        // Other threads may still run.
        System.exit(0);
    }

    /** Takes standard input and output; other output goes to standard error. Called once. */
    private static Forker take() {
        Forker forker = new Forker(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setOut(System.err);
        Thread reader = new Thread(forker::read, "forker");
        reader.setDaemon(true);
        reader.start();
        return forker;
    }

    /** Sends a line. */
    public void say(String line) {
        synchronized (output) {
            output.println(line);
        }
    }

    /** Returns the next line that the other end has sent. */
    public String next() throws InterruptedException {
        return asked.take();
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                asked.add(line);
            }
        } catch (IOException e) {
            // The same as the end of input.
        } finally {
            Runtime.getRuntime().halt(ALONE);
        }
    }
}
