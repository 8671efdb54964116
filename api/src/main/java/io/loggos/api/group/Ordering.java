package io.loggos.api.group;

/**
 * In which order a multicast is delivered. Each message has one; a group has a usual one.
 *
 * <p>What holds at every member between a message <i>a</i> (rows) and a message <i>b</i> (columns) of one view:
 *
 * <table>
 * <caption>a before b?</caption>
 * <tr><th>a \ b</th><th>FIFO</th><th>CAUSAL</th><th>TOTAL, FIFO_TOTAL</th><th>CAUSAL_TOTAL</th></tr>
 * <tr><th>FIFO</th><td>sender</td><td>sender, cause</td><td>sender</td><td>sender, cause</td></tr>
 * <tr><th>CAUSAL</th><td>sender</td><td>sender, cause</td><td>sender</td><td>sender, cause</td></tr>
 * <tr><th>TOTAL, FIFO_TOTAL</th><td>sender</td><td>sender, cause</td><td>sender, agreed</td><td>sender, cause, agreed</td></tr>
 * <tr><th>CAUSAL_TOTAL</th><td>sender</td><td>sender, cause</td><td>sender, agreed</td><td>sender, cause, agreed</td></tr>
 * </table>
 *
 * <p><i>Sender</i>: if one member sent <i>a</i> before <i>b</i>, every member delivers <i>a</i> first. <i>Cause</i>: if
 * the sender of <i>b</i> had delivered or sent <i>a</i> before it sent <i>b</i>, every member delivers <i>a</i> first
 * (Lamport's happened-before). <i>Agreed</i>: all members deliver the two in the same order.
 *
 * <p>TOTAL promises only <i>agreed</i>. Here it keeps each sender's order too, as FIFO_TOTAL promises: links are FIFO,
 * so nothing would be won by less. Rely on it by asking for FIFO_TOTAL.
 */
public enum Ordering {
    /** Each sender's messages in the order sent. */
    FIFO(false, false),
    /** No message before one that it may answer. */
    CAUSAL(true, false),
    /** All members deliver in the same order. */
    TOTAL(false, true),
    /** The same order everywhere, which is each sender's order. */
    FIFO_TOTAL(false, true),
    /** The same order everywhere, which respects causes. */
    CAUSAL_TOTAL(true, true);

    private final boolean causal;
    private final boolean total;

    Ordering(boolean causal, boolean total) {
        this.causal = causal;
        this.total = total;
    }

    /** Whether causes come first. */
    public boolean isCausal() {
        return causal;
    }

    /** Whether all members deliver in one order. */
    public boolean isTotal() {
        return total;
    }
}
