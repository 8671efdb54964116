package io.loggos.examples.cli.etcdctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outputs of etcdctl with an etcd and with this server, and the table of them. */
final class EtcdctlTable {
    private static final class Row {
        private int runs;
        private final List<String> differences = new ArrayList<>();
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Adds what was said in one step. */
    void add(String subcommand, String etcd, String here) {
        Row row = rows.computeIfAbsent(subcommand, name -> new Row());
        row.runs++;
        String expected = plain(etcd);
        String actual = plain(here);
        if (!expected.equals(actual)) {
            row.differences.add("etcd said:\n" + expected + "\nthis server said:\n" + actual);
        }
    }

    /** Takes out what differs between two clusters of one kind. */
    private static String plain(String output) {
        return output.replaceAll("127\\.0\\.0\\.1:\\d+", "ADDRESS")
                .replaceAll("\"(cluster_id|member_id|raft_term|raftTerm)\":\\d+", "\"$1\":N")
                .replaceAll("\"(ClusterID|MemberID|RaftTerm)\" : \\d+", "\"$1\" : N")
                .replaceAll("\\b[0-9a-f]{13,16}\\b", "ID")
                .replaceAll("took = [0-9.]+[a-zµ]+", "took = T")
                .replaceAll(
                        "ADDRESS, ID, [0-9.]+, [0-9.]+ [kMG]?B, (true|false), (true|false), \\d+, \\d+, \\d+, ",
                        "ADDRESS, ID, VERSION, SIZE, LEADER, $2, TERM, INDEX, APPLIED, ")
                .replaceAll("/\\S*/(saved\\.db|restored)", "FILE")
                .replaceAll(", (n|e)\\d, ", ", NAME, ");
    }

    /** Returns the subcommands that are not as with etcd, with what was different. */
    Map<String, String> differences() {
        Map<String, String> differences = new LinkedHashMap<>();
        rows.forEach((name, row) -> {
            if (!row.differences.isEmpty()) {
                differences.put(name, String.join("\n\n", row.differences));
            }
        });
        return differences;
    }

    /**
     * Returns the table.
     *
     * @param reasons the differences that are known, by subcommand
     */
    String text(Map<String, String> reasons) {
        StringBuilder text = new StringBuilder("| subcommand | runs | result |\n| --- | --- | --- |\n");
        rows.forEach((name, row) -> text.append("| `")
                .append(name)
                .append("` | ")
                .append(row.runs)
                .append(" | ")
                .append(row.differences.isEmpty() ? "as with etcd" : reasons.getOrDefault(name, "differs"))
                .append(" |\n"));
        return text.toString();
    }
}
