package io.loggos.benchmarks.systems.servers;

import io.loggos.benchmarks.harness.report.Subject;
import java.util.List;

/** Three server processes on the loopback address, with their data on one disk. They end when it is closed. */
public interface ServerCluster extends AutoCloseable {
    /** Returns the subject of the measurement. */
    Subject subject();

    /** Returns the address of each member for clients, as host:port. */
    List<String> endpoints();

    /** Returns the processes of the members, whose processor time counts. */
    List<ProcessHandle> members();

    /** Returns the process ids of the members. */
    default List<Long> processIds() {
        return members().stream().map(ProcessHandle::pid).toList();
    }

    @Override
    void close();
}
