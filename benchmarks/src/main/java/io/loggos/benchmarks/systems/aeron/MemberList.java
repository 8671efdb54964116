package io.loggos.benchmarks.systems.aeron;

import io.loggos.benchmarks.harness.machine.Loopback;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Addresses of the members. {@link #toString} has the format of the consensus module: number, ingress, consensus, log,
 * catch-up and archive.
 */
record MemberList(int members, List<String> addresses) {
    private static final int EACH = 5;

    static MemberList ofFree(int members) throws IOException {
        return new MemberList(members, Loopback.freeAddresses(EACH * members));
    }

    /** Returns the address of the archive of a member. */
    String archive(int member) {
        return addresses.get(EACH * member + EACH - 1);
    }

    @Override
    public String toString() {
        return IntStream.range(0, members)
                .mapToObj(member ->
                        member + "," + String.join(",", addresses.subList(EACH * member, EACH * member + EACH)))
                .collect(Collectors.joining("|"));
    }
}
