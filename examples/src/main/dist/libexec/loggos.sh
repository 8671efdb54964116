# Finds a Java, checks it, and runs the Loggos command line. Sourced by bin/loggos of a distribution and of a checkout;
# for any POSIX shell.

fail() {
  echo "loggos: $*" >&2
  exit 1
}

# Sets java and version.
find_java() {
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, and there is no bin/java in it: correct it, or unset it to use the java on PATH"
  else
    java=$(command -v java) || fail "no Java found: install Java 17 or newer, or set JAVA_HOME"
  fi
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  case $version in
    '' | *[!0-9]*) fail "cannot tell the version of $java" ;;
  esac
  [ "$version" -ge 17 ] || fail "$java is Java $version: Loggos needs 17 or newer; set JAVA_HOME to one"
}

# Replaces this shell by Java. The first argument is the class path, the others are for Loggos.
run() {
  classes=$1
  shift
  options=
  if [ "$version" -ge 24 ]; then
    # RocksDB loads a native library; Netty, inside gRPC, still uses sun.misc.Unsafe.
    options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  fi
  if [ "${1:-}" = server ]; then
    # As in NodeProcess, where the reasons are, unless LOGGOS_JAVA_OPTIONS says otherwise.
    case ${LOGGOS_JAVA_OPTIONS:-} in
      *-XX:+Use*GC*) ;;
      *) options="$options -XX:+UseSerialGC" ;;
    esac
    case ${LOGGOS_JAVA_OPTIONS:-} in
      *-Xm*) ;;
      *) options="$options -Xms768m -Xmx1g -Xmn256m" ;;
    esac
    options="$options -Dio.grpc.netty.shaded.io.netty.leakDetection.level=disabled"
  fi
  # shellcheck disable=SC2086 # each may be several options
  exec "$java" $options ${LOGGOS_JAVA_OPTIONS:-} "-Dloggos.program=$0" -cp "$classes" io.loggos.examples.cli.Loggos "$@"
}
