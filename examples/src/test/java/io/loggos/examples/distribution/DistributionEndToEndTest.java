package io.loggos.examples.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.examples.server.LoggosServer;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as a stranger has it: unpacked, as an ordinary user, under a supervisor. */
class DistributionEndToEndTest {
    @TempDir
    static Path directory;

    private static Installation installation;

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(Installation.isPossible(), "there is no archive, or no tar or setpriv on this machine");
        installation = Installation.in(directory);
    }

    @Test
    void commandRunsFromAnywhereWithEitherWayToNameAJava() throws Exception {
        Path link = Files.createSymbolicLink(
                installation.writable.resolve("loggos-link"), installation.home.resolve("bin/loggos"));
        Installation.Ended byHome = installation.run(Installation.thisJava(), link.toString(), "--version");
        assertEquals("loggos " + LoggosServer.VERSION, byHome.output().strip());
        assertEquals(0, byHome.code());

        Map<String, String> path = Map.of("PATH", System.getProperty("java.home") + "/bin:/usr/bin:/bin");
        Installation.Ended byPath = installation.run(path, link.toString(), "no-such-command");
        assertEquals(2, byPath.code(), byPath.errors());
    }

    @Test
    void unusableJavaIsNamed() throws Exception {
        Path old = Files.createDirectories(installation.writable.resolve("old/bin"));
        Path java = Files.writeString(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Installation.Ended ended = loggos(Map.of("JAVA_HOME", old.getParent().toString()));
        assertEquals(1, ended.code());
        assertTrue(ended.errors().contains("bin/java is Java 11: Loggos needs 17 or newer"), ended.errors());

        ended = loggos(Map.of("JAVA_HOME", "/nowhere"));
        assertEquals(1, ended.code());
        assertTrue(ended.errors().startsWith("loggos: JAVA_HOME is /nowhere"), ended.errors());
    }

    private static Installation.Ended loggos(Map<String, String> environment) throws Exception {
        return installation.run(
                environment, installation.home.resolve("bin/loggos").toString(), "--version");
    }

    @Test
    void everyLibraryIsListedWithItsLicense() throws Exception {
        String listed = Files.readString(installation.home.resolve("THIRD-PARTY.md"));
        try (Stream<Path> libraries = Files.list(installation.home.resolve("lib"))) {
            List<String> missing = libraries
                    .map(file -> file.getFileName().toString().replaceFirst("-\\d.*$", ""))
                    .filter(name -> !name.startsWith("loggos-") && !listed.contains("`" + name + "`"))
                    .sorted()
                    .toList();
            assertEquals(List.of(), missing, "libraries that THIRD-PARTY.md does not name");
        }
        for (String file : List.of("LICENSE", "NOTICE", "README.md", "OPERATIONS.md", "CONFIGURATION.md")) {
            assertTrue(Files.size(installation.home.resolve(file)) > 0, file);
        }
    }

    @Test
    void everyJarOfOursHasALicenseAndTheNameOfItsModule() throws Exception {
        List<Path> ours;
        try (Stream<Path> libraries = Files.list(installation.home.resolve("lib"))) {
            ours = libraries
                    .filter(file -> file.getFileName().toString().startsWith("loggos-"))
                    .toList();
        }
        assertEquals(6, ours.size(), ours::toString);
        for (Path file : ours) {
            try (JarFile jar = new JarFile(file.toFile())) {
                assertNotNull(jar.getEntry("META-INF/LICENSE"), file::toString);
                assertNotNull(jar.getEntry("META-INF/NOTICE"), file::toString);
                String module = file.getFileName().toString().replaceFirst("loggos-([a-z]+)-.*", "io.loggos.$1");
                assertEquals(module, jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"));
            }
        }
    }

    @Test
    void sampleConfigurationServesUntilItIsStopped() throws Exception {
        try (Members members = new Members(1)) {
            SupervisedMember member = members.all.get(0).start();
            member.awaitReady();
            assertEquals(143, member.stop(), member.output());
            assertTrue(member.output().contains("ready: clients on 127.0.0.1:"), member.output());
        }
    }

    /** Nobody does anything but what an operator of systemd would, and every acknowledged write is there. */
    @Test
    @Tag("long")
    void clusterSurvivesKillsAndRestartsUnderItsUnit() throws Exception {
        assumeTrue(Installation.hasCommand("etcdctl"), "etcdctl is not installed");
        try (Members members = new Members(3);
                EtcdctlLoad load = new EtcdctlLoad(installation, members.endpoints())) {
            members.all.forEach(SupervisedMember::start);
            members.all.forEach(SupervisedMember::awaitReady);
            load.start();
            load.awaitMore(5);

            members.all.get(1).kill();
            load.awaitMore(10);
            members.all.get(1).awaitReady();
            assertEquals(List.of(137), members.all.get(1).exitCodes());

            for (int i = 0; i < 3; i++) {
                assertEquals(143, members.all.get(i).stop());
                load.awaitMore(3);
                members.replace(i).start().awaitReady();
                load.awaitMore(3);
            }
            load.stopAndCheck();
        }
    }

    /** A member whose disk is full cannot start, is started again and again, and is back once there is room. */
    @Test
    @Tag("long")
    void memberComesBackOnceItsDiskHasRoom() throws Exception {
        assumeTrue(Installation.hasCommand("etcdctl"), "etcdctl is not installed");
        assumeTrue(Installation.isRoot(), "only root can make a small disk");
        Path small = Files.createDirectory(installation.writable.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=192m,mode=0777", "tmpfs", small.toString()) == 0, "no mount");
        try (Members members = new Members(3);
                EtcdctlLoad load = new EtcdctlLoad(installation, members.endpoints())) {
            SupervisedMember third = members.all.get(2);
            Files.writeString(
                    third.config,
                    Files.readString(third.config).replaceFirst("(?m)^data = .*$", "data = " + small.resolve("data")));
            members.all.forEach(SupervisedMember::start);
            members.all.forEach(SupervisedMember::awaitReady);
            load.start();
            load.awaitMore(3);

            Path filler = small.resolve("filler");
            run("dd", "if=/dev/zero", "of=" + filler, "bs=64k", "status=none");
            third.kill();
            Awaitility.await("the member does not start, twice")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> Collections.frequency(third.exitCodes(), 1) >= 2);
            load.awaitMore(3);

            Files.delete(filler);
            third.awaitReady();
            load.awaitMore(3);
            load.stopAndCheck();
        } finally {
            run("umount", "--lazy", small.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** Members on free ports, with the sample configuration changed as its comments say. */
    private static final class Members implements AutoCloseable {
        final List<SupervisedMember> all = new ArrayList<>();
        private final List<Integer> ports;
        private final int count;

        Members(int count) throws IOException {
            this.count = count;
            this.ports = FreePorts.draw(3 * count);
            for (int id = 1; id <= count; id++) {
                all.add(member(id));
            }
        }

        private SupervisedMember member(int id) throws IOException {
            String text = Files.readString(installation.home.resolve("config/server.properties"))
                    .replace("id = 1", "id = " + id)
                    .replace(
                            "/var/lib/loggos",
                            installation
                                    .writable
                                    .resolve("data-" + count + "-" + id)
                                    .toString())
                    .replace(":2380", ":" + port(id, 0))
                    .replace(":2379", ":" + port(id, 1))
                    .replace(":2381", ":" + port(id, 2));
            StringBuilder settings = new StringBuilder(text).append('\n');
            for (int other = 1; other <= count; other++) {
                if (other != id) {
                    settings.append("peer.")
                            .append(other)
                            .append(" = 127.0.0.1:")
                            .append(port(other, 0))
                            .append('\n');
                }
            }
            Path config = installation.writable.resolve("server-" + count + "-" + id + ".properties");
            Files.writeString(config, settings);
            return new SupervisedMember(installation, id, config, port(id, 2));
        }

        private int port(int id, int use) {
            return ports.get(3 * (id - 1) + use);
        }

        /** Returns a member that takes the place of one that was stopped. */
        SupervisedMember replace(int index) throws IOException {
            all.set(index, member(index + 1));
            return all.get(index);
        }

        String endpoints() {
            List<String> endpoints = new ArrayList<>();
            for (int id = 1; id <= count; id++) {
                endpoints.add("127.0.0.1:" + port(id, 1));
            }
            return String.join(",", endpoints);
        }

        @Override
        public void close() {
            all.forEach(SupervisedMember::close);
        }
    }
}
