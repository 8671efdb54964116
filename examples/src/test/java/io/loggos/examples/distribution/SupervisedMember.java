package io.loggos.examples.distribution;

import io.loggos.testkit.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A member that is started, and started again, as systemd would by the unit of the distribution. */
final class SupervisedMember implements AutoCloseable {
    private static final Duration SOON = Duration.ofMinutes(3);

    final int id;
    final Path config;
    private final Installation installation;
    private final URI ready;
    private final Map<String, String> unit;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Integer> exitCodes = new CopyOnWriteArrayList<>();
    private final Thread supervisor;
    private volatile boolean stopping;
    private volatile @Nullable Process process;

    SupervisedMember(Installation installation, int id, Path config, int metricsPort) throws IOException {
        this.installation = installation;
        this.id = id;
        this.config = config;
        this.ready = URI.create("http://127.0.0.1:" + metricsPort + "/readyz");
        this.unit = Files.readAllLines(installation.home.resolve("systemd/loggos.service")).stream()
                .filter(line -> line.matches("[A-Za-z]+=.*"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> first,
                        TreeMap::new));
        this.supervisor = new Thread(this::supervise, "supervisor-" + id);
    }

    SupervisedMember start() {
        supervisor.start();
        return this;
    }

    private void supervise() {
        Set<Integer> success =
                Stream.concat(Stream.of(0), codes("SuccessExitStatus")).collect(Collectors.toSet());
        Set<Integer> never = codes("RestartPreventExitStatus").collect(Collectors.toSet());
        try {
            while (true) {
                Process started = launch();
                process = started;
                int code = started.waitFor();
                exitCodes.add(code);
                if (stopping || success.contains(code) || never.contains(code)) {
                    return;
                }
                TimeUnit.SECONDS.sleep(Long.parseLong(unit.get("RestartSec")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream<Integer> codes(String name) {
        return Stream.of(unit.getOrDefault(name, "").split("\\s+", -1))
                .filter(code -> !code.isEmpty())
                .map(Integer::valueOf);
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        for (String word : unit.get("ExecStart").split(" ", -1)) {
            command.add(word.replace("/opt/loggos", installation.home.toString())
                    .replace("/etc/loggos/server.properties", config.toString()));
        }
        return installation
                .command(
                        Map.of(
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "LOGGOS_JAVA_OPTIONS",
                                "-Xmx200m -XX:TieredStopAtLevel=1 " + JavaCommand.locale()),
                        command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return installation.writable.resolve("member-" + id + ".log");
    }

    /** Waits until it is ready, as a load balancer sees it. */
    void awaitReady() {
        Awaitility.await("member " + id + " is ready")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(this::isReady);
    }

    boolean isReady() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(ready)
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Kills the process; the supervisor starts another. */
    void kill() {
        Process now = process;
        if (now != null) {
            now.toHandle().destroyForcibly();
        }
    }

    /** The exit codes of its processes so far. */
    List<Integer> exitCodes() {
        return exitCodes;
    }

    /** Stops it, as systemd does. Returns the exit code. */
    int stop() throws InterruptedException {
        stopping = true;
        Process now = process;
        if (now != null) {
            now.toHandle().destroy();
        }
        supervisor.join(TimeUnit.MINUTES.toMillis(1));
        if (supervisor.isAlive()) {
            throw new AssertionError("member " + id + " does not end");
        }
        return exitCodes.get(exitCodes.size() - 1);
    }

    String output() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    @Override
    public void close() {
        stopping = true;
        supervisor.interrupt();
        Process now = process;
        if (now != null) {
            now.toHandle().destroyForcibly();
            now.onExit().join();
        }
    }
}
