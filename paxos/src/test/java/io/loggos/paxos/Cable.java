package io.loggos.paxos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cable between two nodes: a port that leads to another one. Cut, it takes connections and passes nothing on. */
final class Cable implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket entry;
    private final int target;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    Cable(int entryPort, int targetPort) throws IOException {
        entry = new ServerSocket(entryPort, 50, InetAddress.getLoopbackAddress());
        target = targetPort;
        run(this::accept);
    }

    /** Loses everything from now on. */
    void cut() {
        cut = true;
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = entry.accept();
                ends.add(near);
                if (!cut) {
                    connect(near);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            ends.add(far);
            run(() -> carry(near, far));
            run(() -> carry(far, near));
        } catch (IOException e) {
            near.close();
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // An end has closed the connection, which closes the other.
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
        for (Socket end : ends) {
            end.close();
        }
    }
}
