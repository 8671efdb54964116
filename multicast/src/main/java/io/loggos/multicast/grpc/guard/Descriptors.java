package io.loggos.multicast.grpc.guard;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** File descriptors of this process. Some are kept for the store: a log that cannot open a file halts. */
final class Descriptors {
    private static final long LARGEST_RESERVE = 128;

    private Descriptors() {}

    /** Returns true if a connection may have one more. */
    static boolean mayBeTaken() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (!(system instanceof UnixOperatingSystemMXBean unix)) {
            return true;
        }
        long most = unix.getMaxFileDescriptorCount();
        long open = unix.getOpenFileDescriptorCount();
        return most <= 0 || open < 0 || most - open > Math.min(LARGEST_RESERVE, most / 6);
    }

    /** Returns a number of connections, or half of what this process may open if that is less. */
    static int atMostHalf(int connections) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        long most = system instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : 0;
        return most <= 0 ? connections : (int) Math.min(connections, Math.max(1, most / 2));
    }
}
