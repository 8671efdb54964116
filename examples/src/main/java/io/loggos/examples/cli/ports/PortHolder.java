package io.loggos.examples.cli.ports;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Name of the process that uses a port of the loopback address, from the files that Linux has about sockets. Elsewhere,
 * and for the processes of other users, it may be unknown.
 */
public final class PortHolder {
    private static final Path PROCESSES = Path.of("/proc");
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    /** Columns of these files. */
    private static final int LOCAL = 1;

    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    private static final String LISTENING = "0A";
    /** Inode of a connection that is closing and belongs to no process. */
    private static final String NOBODY = "0";
    /** The loopback address and the one for all, as 32 bits in little-endian order. */
    private static final List<String> OURS = List.of("0100007F", "00000000");

    private PortHolder() {}

    /** A socket that has the port. */
    private record Holder(String remote, boolean listening, String user, String inode) {}

    /**
     * Returns the process that uses a port, such as "java (process 12), which listens on it"; empty if it is not known.
     */
    public static Optional<String> describe(int port) {
        Holder found = null;
        for (Path file : SOCKETS) {
            for (String line : lines(file)) {
                Holder holder = holderIn(line, port);
                if (holder != null && (found == null || (holder.listening && !found.listening))) {
                    found = holder;
                }
            }
        }
        return Optional.ofNullable(found)
                .map(holder -> process(holder)
                        + (holder.listening
                                ? ", which listens on it"
                                : ", as its end of a connection to " + address(holder.remote)));
    }

    private static @Nullable Holder holderIn(String line, int port) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length <= INODE || columns[INODE].equals(NOBODY) || !isOurs(columns[LOCAL], port)) {
            return null;
        }
        return new Holder(columns[REMOTE], columns[STATE].equals(LISTENING), columns[USER], columns[INODE]);
    }

    /** True for an address such as {@code 0100007F:094B}, if it is the loopback address or all, and this port. */
    private static boolean isOurs(String local, int port) {
        int colon = local.lastIndexOf(':');
        return local.substring(colon + 1).equals(String.format(Locale.ROOT, "%04X", port))
                && OURS.contains(address32(local, colon));
    }

    /** Returns the last 32 bits of an address: the whole of an old one, the last part of a new one. */
    private static String address32(String address, int colon) {
        return address.substring(Math.max(0, colon - 8), Math.max(0, colon));
    }

    private static String address(String remote) {
        int colon = remote.lastIndexOf(':');
        int bits = Integer.reverseBytes(Integer.parseUnsignedInt(address32(remote, colon), 16));
        return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF) + ":"
                + Integer.parseInt(remote.substring(colon + 1), 16);
    }

    private static String process(Holder holder) {
        Path socket = Path.of("socket:[" + holder.inode + "]");
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                if (hasOpen(process, socket)) {
                    String name =
                            lines(process.resolve("comm")).stream().findFirst().orElse("a program");
                    return name + " (process " + process.getFileName() + ")";
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The processes cannot be listed: then it is not known.
        }
        return "a process of the user with number " + holder.user;
    }

    private static boolean hasOpen(Path process, Path socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isLinkTo(file, socket)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The process has ended, or belongs to another user.
        }
        return false;
    }

    private static boolean isLinkTo(Path file, Path target) {
        try {
            return Files.readSymbolicLink(file).equals(target);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
