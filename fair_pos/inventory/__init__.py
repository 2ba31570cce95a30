"""What lies where and whose it is: stock now and on any past day, what is below zero, what expires soon, how many days it lasts."""
