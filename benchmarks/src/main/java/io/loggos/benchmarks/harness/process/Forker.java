package io.loggos.benchmarks.harness.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The JVM that has forked this one, on the other end of standard input and output. When it is gone, so is this one, at
 * once: no orphans. {@link #say} may be called by any thread.
 */
public final class Forker {
    /** For a JVM that was left alone. */
    private static final int ALONE = 3;

    private final PrintStream output;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    private Forker(PrintStream output) {
        this.output = output;
    }

    /** A program that speaks with the JVM that has forked it. */
    @FunctionalInterface
    public interface Program {
        /** Does everything; the JVM ends when it returns. */
        void run(Forker forker) throws Exception;
    }

    /** Runs a program and ends this JVM: with 0, or with 1 and a stack trace if the program has thrown. Called first of all. */
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

    /** Takes standard input and output; what else is printed goes to the standard error. Called once. */
    private static Forker take() {
        Forker forker = new Forker(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setOut(System.err);
        Thread reader = new Thread(forker::read, "forker");
        reader.setDaemon(true);
        reader.start();
        return forker;
    }

    /** Says a line. */
    public void say(String line) {
        synchronized (output) {
            output.println(line);
        }
    }

    /** The next line that the other end says. */
    public String next() throws InterruptedException {
        return asked.take();
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                asked.add(line);
            }
        } catch (IOException e) {
            // The same as its end.
        } finally {
            Runtime.getRuntime().halt(ALONE);
        }
    }
}
